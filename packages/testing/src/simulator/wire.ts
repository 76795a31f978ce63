import { explainReason, oauthErrors, parseForm, type OAuthError, type Reason, type Result } from "@symbolon/protocol";
import {
  introspect,
  introspectBatch,
  revoke,
  StoreUnavailable,
  token,
  tokenInfo,
  type Deps,
  type FormRequest,
} from "@symbolon/server";

export type Endpoint = "token" | "introspect" | "batch" | "revoke" | "token_info";

/** A request. The same call may arrive twice. */
export type Call = {
  by: string;
  endpoint: Endpoint;
  form: Readonly<Record<string, string>>;
  authorization: string;
  isCopy?: true;
};

/** An answer. `reason` is of the log; only the oracle reads it. */
export type Answer = { status: number; body?: unknown; error?: OAuthError; reason?: Reason; cause?: unknown };

/** One call to one server: the real operation, and its outcome in the words of the HTTP edge. */
export async function answerCall(call: Call, deps: Deps): Promise<Answer> {
  try {
    return wordResult(await runOperation(call, deps));
  } catch (cause) {
    return cause instanceof StoreUnavailable
      ? { status: 503, error: "temporarily_unavailable", reason: "store_unavailable" }
      : { status: 500, cause };
  }
}

const operations = { token, introspect, batch: introspectBatch, revoke };

async function runOperation({ endpoint, form, authorization }: Call, deps: Deps): Promise<Result<object | null>> {
  if (endpoint === "token_info") return await tokenInfo(authorization, deps);
  const parsed = parseForm(new URLSearchParams(form).toString());
  if (!parsed.ok) return parsed;
  const request: FormRequest = {
    form: parsed.value,
    authorization,
    network: "192.0.2.1",
    endpoint: `/oauth/${endpoint}`,
  };
  return await operations[endpoint](request, deps);
}

function wordResult(result: Result<object | null>): Answer {
  if (result.ok) return { status: 200, body: result.value };
  const { error, status } = explainReason(result.reason);
  return { status: status ?? oauthErrors[error].status, error, reason: result.reason };
}

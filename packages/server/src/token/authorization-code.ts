import { createHash } from "node:crypto";
import { isCodeVerifier, ok, refuse, Sealed, type AuthorizationCode, type Form, type Result } from "@symbolon/protocol";
import { isOwnerLive } from "../accounts/owner.ts";
import type { Application } from "../applications/application.ts";
import type { ServerConfig } from "../config.ts";
import { nowOf, type Deps } from "../deps.ts";
import { emitRefusal } from "../emit-refusal.ts";
import { changeGrant } from "../grants/decision.ts";
import { decideRedeem } from "../grants/redeem.ts";
import { parseNarrowing, resolveNarrowing, type RequestedNarrowing } from "../narrowing.ts";
import type { FormRequest } from "../request.ts";
import { tokenPairResponse, type TokenResponse } from "./response.ts";

/** grant_type=authorization_code. @see RFC 6749 §4.1.3, RFC 7636 §4.6 */
export async function authorizationCodeGrant(
  { form }: FormRequest,
  client: Application,
  deps: Pick<Deps, "clock" | "config" | "emit" | "keyring" | "store">,
): Promise<Result<TokenResponse>> {
  const now = nowOf(deps.clock);
  const event = { name: "code.refused", client: client.id } as const;
  const request = parseCodeRequest(form, client, deps.config);
  if (!request.ok) return emitRefusal(request, event, deps);
  const presented = deps.keyring.read("code", request.value.code);
  if (presented === undefined) return emitRefusal(refuse("token_not_ours"), event, deps);

  const grantEvent = { ...event, grant: presented.grantId };
  const narrowing = await resolveNarrowing(request.value.narrowing, deps);
  if (!narrowing.ok) return emitRefusal(narrowing, grantEvent, deps);
  const grant = await deps.store.grants.find(presented.grantId);
  if (grant !== undefined && !(await isOwnerLive(grant, deps.store)))
    return emitRefusal(refuse("owner_suspended"), grantEvent, deps);

  const { challenge, redirectUri } = request.value;
  const redemption = { client: client.id, redirectUri, challenge, narrowing: narrowing.value };
  const issued = await changeGrant(
    presented.grantId,
    (current) => decideRedeem(current, redemption, now, deps.config.lifetimes.grantIdle),
    deps,
  );
  return issued.ok ? ok(tokenPairResponse(issued.value, deps.keyring)) : emitRefusal(issued, grantEvent, deps);
}

type ParsedCodeRequest = {
  code: AuthorizationCode;
  /** S256 of the code verifier. */
  challenge: string;
  redirectUri: string | undefined;
  narrowing: RequestedNarrowing;
};

function parseCodeRequest(form: Form, client: Application, config: ServerConfig): Result<ParsedCodeRequest> {
  const code = form.get("code");
  if (code === undefined) return refuse("parameter_missing", "code");
  const verifier = form.get("code_verifier");
  if (verifier === undefined) return refuse("verifier_missing", "code_verifier");
  if (!isCodeVerifier(verifier)) return refuse("verifier_malformed", "code_verifier");
  const narrowing = parseNarrowing(form, client, config);
  if (!narrowing.ok) return narrowing;
  const challenge = createHash("sha256").update(verifier).digest("base64url");
  return ok({ code: new Sealed(code), challenge, redirectUri: form.get("redirect_uri"), narrowing: narrowing.value });
}

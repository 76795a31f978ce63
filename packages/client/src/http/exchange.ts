import { Sealed } from "@symbolon/protocol";
import { ClientError, type ClientErrorCode, type ErrorFacts, type Outcome } from "../errors/client-error.ts";
import { present } from "../present.ts";
import type { Failure } from "../result.ts";
import { mask, maskBody } from "./masks.ts";

/** Which operation of which provider: every error says so. */
export type Called = { provider: string; operation: string };

/** One request of one operation, ready to be sent. */
export type Exchange = Called & {
  method: "GET" | "POST";
  url: string;
  headers: Readonly<Record<string, string>>;
  body?: string;
  /** Whatever of this request must not be printed. */
  secrets: readonly string[];
  /**
   * Whether sending it twice does no more than sending it once; a request that spends a code or a token is not such.
   */
  repeatable: boolean;
};

type Asked = Called & Pick<Exchange, "secrets">;

/** What came back, whatever its status. `startedAtMs` and `endedAtMs` are wall time in milliseconds since 1970. */
export type Answer = { status: number; headers: Headers; body: string; startedAtMs: number; endedAtMs: number };

/** A failure without an answer, or before one was asked for. */
export const failed = (
  { provider, operation }: Called,
  code: ClientErrorCode,
  outcome: Outcome,
  facts: Partial<ErrorFacts> = {},
): Failure => ({
  ok: false,
  error: new ClientError({ provider, operation, code, outcome, ...facts }),
});

/** A failure that an answer tells about; the answer goes along, masked. */
export const failedBy = (
  exchange: Asked,
  { status, headers, body }: Answer,
  code: ClientErrorCode,
  outcome: Outcome,
  facts: Partial<ErrorFacts> = {},
): Failure =>
  failed(exchange, code, outcome, {
    status,
    headers: Object.fromEntries(
      [...headers]
        .filter(([name]) => !/^(?:set-cookie|location)$/.test(name))
        .map(([name, value]) => [name, mask(value, exchange.secrets)]),
    ),
    rawBody: new Sealed(body),
    // What is no refusal may hold new tokens, in whatever spelling.
    ...(status > 399 && { body: maskBody(body, exchange.secrets).slice(0, 10_000) }),
    ...present(facts),
  });

/** The call itself is wrong: nothing was sent. */
export const invalid = (by: Called, field: string, says: string): Failure =>
  failed(by, "invalid_request", "not_processed", { field, says });

/** A 200 that is not what the operation promises: the member at fault, or what is odd about the whole. */
export const unreadable = (exchange: Asked, answer: Answer, field?: string, says?: string): Failure =>
  failedBy(exchange, answer, "response_invalid", "unknown", { field, says });

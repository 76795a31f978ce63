import { Sealed } from "@symbolon/protocol";
import { ClientError, type ClientErrorCode, type ErrorFacts, type Outcome } from "../errors/client-error.ts";
import { mask, maskBody } from "./masks.ts";

/** One request of one operation, ready to be sent. */
export type Exchange = {
  provider: string;
  operation: string;
  method: "GET" | "POST";
  url: string;
  headers: Readonly<Record<string, string>>;
  body?: string;
  /** Whatever of this request must not be printed. */
  secrets: readonly string[];
  /** Whether sending it twice does no more than sending it once; a request that spends a code or a token is not such. */
  repeatable: boolean;
};

/** What came back, whatever its status. `startedAtMs` and `endedAtMs` are wall time in milliseconds since 1970. */
export type Answer = { status: number; headers: Headers; body: string; startedAtMs: number; endedAtMs: number };

type Failure = { ok: false; error: ClientError };

/** A failure without an answer, or before one was asked for. */
export const failed = (exchange: Pick<Exchange, "provider" | "operation">, code: ClientErrorCode, outcome: Outcome, facts: Partial<ErrorFacts> = {}): Failure => ({
  ok: false,
  error: new ClientError({ provider: exchange.provider, operation: exchange.operation, code, outcome, ...facts }),
});

/** A failure that an answer tells about; the answer goes along, masked. */
export const failedBy = (exchange: Exchange, answer: Answer, code: ClientErrorCode, outcome: Outcome, facts: Partial<ErrorFacts> = {}): Failure =>
  failed(exchange, code, outcome, {
    status: answer.status,
    headers: printable(answer.headers, exchange.secrets),
    body: maskBody(answer.body, exchange.secrets).slice(0, 10_000),
    rawBody: new Sealed(answer.body),
    ...facts,
  });

/** The call itself is wrong: nothing was sent. */
export const invalid = (exchange: Pick<Exchange, "provider" | "operation">, field: string, says?: string): Failure =>
  failed(exchange, "invalid_request", "not_processed", { field, ...(says === undefined ? {} : { says }) });

/** A 200 that is not what the operation promises. */
export const unreadable = (exchange: Exchange, answer: Answer, field: string): Failure =>
  failedBy(exchange, answer, "response_invalid", "unknown", { field });

const printable = (headers: Headers, secrets: readonly string[]): Record<string, string> =>
  Object.fromEntries([...headers].filter(([name]) => name !== "set-cookie").map(([name, value]) => [name, mask(value, secrets)]));

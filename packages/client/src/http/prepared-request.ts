import type { ErrorSource } from "../errors/client-error.ts";

/** One HTTP request of one operation, ready to be sent. */
export type PreparedRequest = ErrorSource & {
  method: "GET" | "POST";
  url: string;
  headers: Readonly<Record<string, string>>;
  body?: string;
  /** Every secret in this request: masked in errors and logs. */
  secrets: readonly string[];
  /** Whether sending it twice has no more effect than once. False if it spends a code or a refresh token. */
  repeatable: boolean;
};

/** A response of any status. `startedAtMs` and `endedAtMs` are wall-clock milliseconds since 1970. */
export type HttpResponse = { status: number; headers: Headers; body: string; startedAtMs: number; endedAtMs: number };

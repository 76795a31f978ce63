/** Which call, and which attempt of it, counted from 1. */
export type HookContext = { provider: string; operation: string; attempt: number };

/** A request about to leave. It holds secrets: `secrets` lists them all, for whoever prints. */
export type OutgoingRequest = Readonly<{
  method: string;
  url: string;
  headers: Headers;
  body?: string;
  secrets: readonly string[];
}>;

/**
 * An answer that came: status, headers, body, and how long it took. The body holds tokens; `secrets` are those that
 * were sent.
 */
export type IncomingAnswer = Readonly<{
  status: number;
  headers: Headers;
  body: string;
  durationMs: number;
  secrets: readonly string[];
}>;

/**
 * Code of the caller's around each attempt. What a hook throws is not caught: it is the caller's own. `beforeRequest`
 * may change headers (sign, trace), not where the request goes.
 */
export type Hooks = {
  beforeRequest?(request: OutgoingRequest, context: HookContext): void | Promise<void>;
  afterAnswer?(answer: IncomingAnswer, context: HookContext): void | Promise<void>;
  /** No answer came. `error` is masked. */
  afterError?(error: Error, context: HookContext): void | Promise<void>;
};

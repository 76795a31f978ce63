import type { World } from "../world.ts";
import type { Hooks } from "./hooks.ts";
import type { Retries } from "./retries.ts";

/** How a client sends its requests. */
export type Transport = {
  /** Default: the platform's `fetch`. Redirect handling, size limit, timeout and masking apply to any. */
  fetch?: typeof fetch;
  /** Clock, randomness and timers. Default: the platform's. */
  world?: World;
  /** Milliseconds for each attempt, until the whole response is read. 0 means no limit. Default: 30,000. */
  timeoutMs?: number;
  /**
   * Default: none. Retries of a client repeat a request that spends a code or a refresh token only where it was
   * certainly not processed. To repeat such a request after 5xx and broken connections too, pass `retries` to the call.
   * Requests that spend nothing, such as client credentials, are repeated either way.
   */
  retries?: Retries;
  /** Statuses to retry; `"5XX"` stands for 500 to 599. Default: 429, 500, 502, 503, 504. */
  retryCodes?: readonly (number | string)[];
  /** Functions called around each attempt. */
  hooks?: Hooks;
  /** Sent with every request. Headers that the operation sets replace them. */
  headers?: Readonly<Record<string, string>>;
  /** Default: `symbolon-client/` and the version. null leaves it to the platform; browser pages always do. */
  userAgent?: string | null;
};

/** Options of a single call; each replaces the client's. */
export type CallOptions = Pick<Transport, "timeoutMs" | "retries" | "retryCodes" | "headers" | "fetch"> & {
  /** Ends the call with `aborted`. The timeout applies as well. */
  signal?: AbortSignal;
  /** Replaces all hooks of the client, a debug log included. `allHooks(yours, debugLog(console))` combines several. */
  hooks?: Hooks;
};

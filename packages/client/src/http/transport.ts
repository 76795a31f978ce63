import type { World } from "../world.ts";
import type { Hooks } from "./hooks.ts";
import type { Retries } from "./retries.ts";

/** How a request is sent: of a client, and, where it is given there, of a single call. */
export type SendOptions = {
  /** Default: the platform's `fetch`. Redirect handling, size limit, timeout and masking apply to any. */
  fetch?: typeof fetch | undefined;
  /** Milliseconds for each attempt, until the whole response is read. 0 means no limit. Default: 30,000. */
  timeoutMs?: number | undefined;
  /**
   * Default: none. Retries of a client repeat a request that spends a code or a refresh token only where it was
   * certainly not processed. To repeat such a request after 5xx and broken connections too, pass `retries` to the call.
   * Requests that spend nothing, such as client credentials, are repeated either way.
   */
  retries?: Retries | undefined;
  /** Statuses to retry; `"5XX"` stands for 500 to 599. Default: 429, 500, 502, 503, 504. */
  retryCodes?: readonly (number | string)[];
  /** Sent with every request. Headers that the operation sets replace them. */
  headers?: Readonly<Record<string, string>> | undefined;
};

/** How a client sends its requests. */
export type Transport = SendOptions & {
  /** Clock, randomness and timers. Default: the platform's. */
  world?: World | undefined;
  /** Functions called around each attempt. */
  hooks?: Hooks | undefined;
  /** Default: `symbolon-client/` and the version. null leaves it to the platform; in a browser it always is. */
  userAgent?: string | null | undefined;
};

/** Options of a single call; each replaces the client's. */
export type CallOptions = SendOptions & {
  /** Ends the call with `aborted`. The timeout applies as well. */
  signal?: AbortSignal | undefined;
  /** Replaces all hooks of the client, a debug log included. `allHooks(yours, debugLog(console))` combines several. */
  hooks?: Hooks | undefined;
};

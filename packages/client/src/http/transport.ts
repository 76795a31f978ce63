import type { World } from "../world.ts";
import type { Hooks } from "./hooks.ts";
import type { Retries } from "./retries.ts";

/** How requests travel: of a client, for all its calls. */
export type Transport = {
  /** Instead of the platform's. Redirects, limits and masking stay ours. */
  fetch?: typeof fetch;
  world?: World;
  /** For each attempt, the answer's body included; fractions are fine, 0 lifts it. Default 30,000. */
  timeoutMs?: number;
  /**
   * Default: none. Given here, a request that spends a code or a refresh token is repeated only where it was certainly
   * not processed; whoever wants it repeated after 5xx and broken connections too, as upstream does, says so at the
   * call. What spends nothing, such as client credentials, is repeated either way.
   */
  retries?: Retries;
  /** Statuses to repeat at; `"5XX"` is a range. Default: 429, 500, 502, 503, 504. */
  retryCodes?: readonly (number | string)[];
  hooks?: Hooks;
  /** Sent with every request; ours win. */
  headers?: Readonly<Record<string, string>>;
  /** Default: `symbolon-client/` and the version; null leaves it to the platform, as pages in browsers always do. */
  userAgent?: string | null;
};

/** What every call takes besides its own arguments. */
export type CallOptions = Pick<Transport, "timeoutMs" | "retries" | "retryCodes" | "headers" | "fetch"> & {
  /** Ends the call with `aborted`. The timeout keeps running beside it. */
  signal?: AbortSignal;
  /** Instead of the client's, those of a debug log among them: `allHooks(yours, debugLog(console))` joins several. */
  hooks?: Hooks;
};

/** The world, passed in; `edge.ts` has the real one. */
export type World = {
  /** Wall time in milliseconds since 1970: for expiry, and for what another process will read. */
  epochMs(): number;
  /** Milliseconds that never go back: for intervals and deadlines. May stand still while the host sleeps. */
  monotonicMs(): number;
  /** Random bytes fit for secrets. */
  random(length: number): Uint8Array;
  /** Resolves after `ms`, or rejects with the signal's reason. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
};

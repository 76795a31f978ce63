/** Clock, randomness and timers. Passed in, so that tests can replace them; `edge.ts` has those of the platform. */
export type World = {
  /** Wall-clock time in milliseconds since 1970: for expiry, and for values that another process reads. */
  epochMs(): number;
  /** Milliseconds that never decrease: for intervals and deadlines. May stop while the machine sleeps. */
  monotonicMs(): number;
  /** Cryptographically secure random bytes. */
  random(length: number): Uint8Array;
  /** Resolves after `ms` milliseconds, or rejects with the signal's reason. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
};

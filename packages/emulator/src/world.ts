/** The clock and timers that the emulator uses; `emulator-edge.ts` has the real ones. */
export type World = {
  /** Wall time in milliseconds since 1970, without the offset of `control.advance`. */
  epochMs(): number;
  /** Resolves after `ms`, or rejects with the signal's reason. Used for delayed answers. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
};

/** 2026-10-01T00:00:00Z: every documented Gusto version is released and Fitbit is not shut down yet. */
export const stillTime = 1_790_812_800;

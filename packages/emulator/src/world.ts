/** The world, passed in; `emulator-edge.ts` has the real one. */
export type World = {
  /** Wall time in milliseconds since 1970, before anybody moved the emulator's clock. */
  epochMs(): number;
  /** Resolves after `ms`, or rejects with the signal's reason: for answers that are late on purpose. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
};

/** 2026-10-01T00:00:00Z: every Gusto version of the reference is out, and Fitbit is still there. */
export const stillTime = 1_790_812_800;

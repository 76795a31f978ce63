import type { World } from "./world.ts";

/** The clock, randomness and timers of the platform. */
export const platformWorld: World = {
  epochMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  random: (length) => crypto.getRandomValues(new Uint8Array(length)),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      const end = () => {
        clearTimeout(running);
        signal?.removeEventListener("abort", end);
        if (signal?.aborted === true) reject(signal.reason);
        else resolve();
      };
      // A timer cannot be longer than this, which is 24.8 days: it would ring at once.
      const running = setTimeout(end, Math.min(ms, 2 ** 31 - 1));
      signal?.addEventListener("abort", end);
      if (signal?.aborted === true) end();
    }),
};

/** The platform's own, looked up at each call, so that whoever replaces it is heard. */
export const platformFetch: typeof fetch = (input, init) => fetch(input, init);

/** What the process was started with; empty where there is no process, or where it may not be read. */
export function platformEnv(): Readonly<Record<string, string | undefined>> {
  return (globalThis as { process?: { env?: Record<string, string | undefined> } }).process?.env ?? {};
}

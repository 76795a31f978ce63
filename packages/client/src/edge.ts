import type { World } from "./world.ts";

/** The platform's clock, randomness and timers. */
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
      // Longer timers (24.8 days) overflow and would fire at once.
      const running = setTimeout(end, Math.min(ms, 2 ** 31 - 1));
      signal?.addEventListener("abort", end);
      if (signal?.aborted === true) end();
    }),
};

/** The platform's `fetch`, looked up at each call, so that replacing `globalThis.fetch` has an effect. */
export const platformFetch: typeof fetch = (input, init) => fetch(input, init);

/** The environment variables; empty on platforms without a process, and where the program may not read them. */
export function platformEnv(): Readonly<Record<string, string | undefined>> {
  return (globalThis as { process?: { env?: Record<string, string | undefined> } }).process?.env ?? {};
}

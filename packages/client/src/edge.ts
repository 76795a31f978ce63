import type { World } from "./world.ts";

const longestTimerMs = 2 ** 31 - 1;

/** The clock, randomness and timers of the platform. */
export const platformWorld: World = {
  epochMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  random: (length) => crypto.getRandomValues(new Uint8Array(length)),
  async sleep(ms, signal) {
    // Timers cannot be longer than 24.8 days; whoever waits longer waits in parts.
    for (let left = ms; left > 0; left -= longestTimerMs) await timer(Math.min(left, longestTimerMs), signal);
    signal?.throwIfAborted();
  },
};

const timer = (ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(signal.reason);
    const stop = () => {
      clearTimeout(running);
      reject(signal!.reason);
    };
    const running = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal?.addEventListener("abort", stop, { once: true });
  });

/** The platform's own, looked up at each call, so that whoever replaces it is heard. */
export const platformFetch: typeof fetch = (input, init) => fetch(input, init);

/** What the process was started with; empty where there is no process, or where it may not be read. */
export function platformEnv(): Readonly<Record<string, string | undefined>> {
  return (globalThis as { process?: { env?: Record<string, string | undefined> } }).process?.env ?? {};
}

import type { Store } from "@symbolon/server";
import { messageOf } from "../command/failure.ts";
import type { SteadyClock } from "../data/steady-clock.ts";

/**
 * Small, so that no refresh waits long behind one batch (docs/benchmarks.md, "Sweeping"): at most 500 rows a second.
 */
const batchSize = 50;
const pauseMs = { afterRows: 100, afterNone: 1_000 };

/**
 * Removes expired rows while the server runs, in small batches with a shorter pause while it finds rows. A failed batch
 * is tried again later. The timer does not keep the process alive. Returns a function that stops it; its promise
 * resolves after the batch under way.
 */
export function startSweeping(
  { store, clock }: { store: Pick<Store, "sweep">; clock: Pick<SteadyClock, "provenMs"> },
  onFailure: (cause: string) => void,
): () => Promise<void> {
  let isStopped = false;
  let current = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;

  const schedule = (ms: number): void => {
    if (!isStopped) timer = setTimeout(() => (current = sweepOnce()), ms).unref();
  };
  const sweepOnce = async (): Promise<void> => {
    try {
      const removed = await store.sweep(Math.floor(clock.provenMs() / 1000), batchSize);
      schedule(removed > 0 ? pauseMs.afterRows : pauseMs.afterNone);
    } catch (error) {
      onFailure(messageOf(error));
      schedule(pauseMs.afterNone);
    }
  };

  schedule(pauseMs.afterRows);
  return () => {
    isStopped = true;
    clearTimeout(timer);
    return current;
  };
}

import { nowOf } from "@symbolon/server";
import { messageOf } from "../command/failure.ts";
import type { System } from "../data/open-system.ts";

/** Small, so that no refresh waits long behind one (docs/benchmarks.md, "Sweeping"); at most 500 rows a second. */
const batch = 50;
const pauseMs = { whenBusy: 100, whenIdle: 1_000 };

/**
 * Tidies up while serving, a small batch at a time, sooner again while it finds something; keeps no process alive. A
 * batch that fails is tried again later. Answers how to stop: the promise ends with the batch under way.
 */
export function startSweeping({ store, clock }: System, onFailure: (cause: string) => void): () => Promise<void> {
  let isStopped = false;
  let underWay = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;

  const plan = (ms: number): void => {
    if (!isStopped) timer = setTimeout(() => (underWay = sweepOnce()), ms).unref();
  };
  const sweepOnce = async (): Promise<void> => {
    try {
      const removed = await store.sweep(nowOf(clock), batch);
      plan(removed > 0 ? pauseMs.whenBusy : pauseMs.whenIdle);
    } catch (error) {
      onFailure(messageOf(error));
      plan(pauseMs.whenIdle);
    }
  };

  plan(pauseMs.whenBusy);
  return () => {
    isStopped = true;
    clearTimeout(timer);
    return underWay;
  };
}

import { setTimeout as pause } from "node:timers/promises";
import { ScriptedConnection, type Listener, type Script } from "./scripted-connection.ts";

/** Enough to keep one core busy, and few enough that the median time of an answer stays meaningful. */
export const connectionCount = 64;

const patienceMs = 10_000;

/** The result of one stretch of load. */
export type Load = { answers: number; seconds: number; p50Ms: number; p99Ms: number };

/**
 * Sends requests on one connection for each script, one at a time, for `milliseconds`; then waits for the answers that
 * are under way. Ends earlier when a script has used up its requests. Throws at the first wrong answer.
 */
export async function runLoad(port: number, scripts: readonly Script[], milliseconds: number): Promise<Load> {
  const times = new Times();
  const trouble = Promise.withResolvers<never>();
  trouble.promise.catch(() => undefined);
  const usedUp = Promise.withResolvers<void>();
  const listener: Listener = {
    onAnswer: (micros) => times.add(micros),
    onTrouble: (text) => trouble.reject(new Error(text)),
    onUsedUp: () => usedUp.resolve(),
  };
  const connections = await Promise.all(scripts.map((script) => ScriptedConnection.open(port, script, listener)));
  try {
    const startedAtMs = performance.now();
    for (const connection of connections) connection.start();
    await Promise.race([pause(milliseconds), usedUp.promise, trouble.promise]);
    const finished = Promise.all(connections.map((connection) => connection.stop()));
    await Promise.race([finished, trouble.promise, outOfPatience()]);
    const seconds = (performance.now() - startedAtMs) / 1000;
    return { answers: times.count, seconds, p50Ms: times.percentileMs(50), p99Ms: times.percentileMs(99) };
  } finally {
    for (const connection of connections) connection.close();
  }
}

async function outOfPatience(): Promise<never> {
  await pause(patienceMs, undefined, { ref: false });
  throw new Error(`an answer took longer than ${patienceMs / 1000} s`);
}

/** The times of all answers. */
class Times {
  count = 0;
  #micros = new Float64Array(1 << 17);

  add(micros: number): void {
    if (this.count === this.#micros.length) {
      const wider = new Float64Array(this.count * 2);
      wider.set(this.#micros);
      this.#micros = wider;
    }
    this.#micros[this.count++] = micros;
  }

  percentileMs(percent: number): number {
    const sorted = this.#micros.subarray(0, this.count).sort();
    return (sorted[Math.max(0, Math.ceil((percent / 100) * this.count) - 1)] ?? 0) / 1000;
  }
}

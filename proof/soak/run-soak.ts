import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { makeDataDirectory } from "../harness/data-directory.ts";
import { startServer } from "../harness/server.ts";
import { SoakLoad } from "./load.ts";
import { liveMbIn, takeSample, type Sample } from "./samples.ts";

export type SoakReport = {
  seconds: number;
  /** The highest rate that the server reached, and half of it, which the soak uses. */
  fullPerSecond: number;
  halfPerSecond: number;
  samples: Sample[];
  answers: Record<string, number>;
  /** Grants that were made meanwhile. */
  newGrants: number;
};

const preload = new URL("heap-on-signal.ts", import.meta.url).href;
const probeSeconds = 5;
/** Collections stop the server for a moment, so there are few. */
const collections = 30;
const fullAsk = 20_000;

/** Runs one server at half of its highest rate for `seconds`. `onSample` gets every sample. */
export async function runSoak({
  seconds,
  grants,
  sampleSeconds,
  onSample = () => {},
}: {
  seconds: number;
  grants: number;
  sampleSeconds: number;
  onSample?: (sample: Sample) => void;
}): Promise<SoakReport> {
  const data = makeDataDirectory();
  const heapFile = join(data.path, "heap.json");
  const server = await startServer(data, {
    quiet: "mute",
    env: { NODE_OPTIONS: `--expose-gc --import=${preload}`, SYMBOLON_HEAP_FILE: heapFile },
  });
  const load = new SoakLoad(data, server.port);
  try {
    await load.prepare(grants);
    const startedMs = performance.now();
    const elapsed = () => (performance.now() - startedMs) / 1000;
    await load.run(fullAsk, () => elapsed() > probeSeconds);
    const fullPerSecond = load.latencies.length / elapsed();
    const halfPerSecond = Math.max(50, Math.round(fullPerSecond / 2));

    const samples: Sample[] = [];
    const beganAt = elapsed();
    const isOver = () => elapsed() - beganAt >= seconds;
    let [liveMb, collectedAt] = [0, Number.NEGATIVE_INFINITY];
    const collect = async (): Promise<void> => {
      rmSync(heapFile, { force: true });
      process.kill(server.pid, "SIGUSR2");
      while (!existsSync(heapFile)) await pause(10);
      await pause(10);
      [liveMb, collectedAt] = [liveMbIn(heapFile), elapsed()];
    };
    load.latencies = [];
    const running = load.run(halfPerSecond, isOver);
    for (let last = elapsed(); !isOver();) {
      await pause(sampleSeconds * 1000);
      const now = elapsed();
      const { latencies } = load;
      load.latencies = [];
      if (now - collectedAt >= seconds / collections) await collect();
      samples.push(
        takeSample(server.pid, join(data.path, "symbolon.sqlite"), {
          seconds: now - beganAt,
          latencies,
          elapsedSeconds: now - last,
          liveMb,
        }),
      );
      last = now;
      onSample(samples.at(-1)!);
      await load.churnClients();
      await load.letAWeekPass();
    }
    await running;
    return {
      seconds,
      fullPerSecond,
      halfPerSecond,
      samples,
      answers: Object.fromEntries([...load.answers].sort()),
      newGrants: load.connected,
    };
  } finally {
    await load.close();
    await server.stop();
    data.remove();
  }
}

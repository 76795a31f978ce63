import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { makeDataDirectory, type DataDirectory } from "../harness/data-directory.ts";
import { startServer, type ServerProcess } from "../harness/server.ts";
import { quantile } from "../soak/samples.ts";

/** One attack on a real server, and the good clients that must not feel it. A file for each in this folder. */
export type Flood = {
  name: string;
  /** What happens, as a line of the report. */
  title: string;
  /** How many steps `attack` takes at full size. CI takes a tenth. */
  steps: number;
  /** Variables of the server, such as SYMBOLON_TRUSTED_PROXIES. */
  env?: Readonly<Record<string, string>>;
  /** Registers what the attack and the good clients need. */
  prepare(target: Target): Promise<Prepared>;
};

export type Target = { data: DataDirectory; server: ServerProcess };

export type Prepared = {
  good: readonly GoodClient[];
  /** Resolves when the attack has taken its steps. `note` counts an answer, by its status or any other word. */
  attack(steps: number, note: (outcome: string | number) => void): Promise<void>;
};

/** Sends a request, waits for its answer, pauses for `everyMs`, and so on. */
export type GoodClient = {
  name: string;
  everyMs: number;
  /** Resolves to whether the client was served. A rejection counts as not served. */
  request(): Promise<boolean>;
};

/** What a good client felt in one stretch of time. Times are for people to read: no test judges them. */
export type Felt = { name: string; sent: number; served: number; p50Ms: number; p95Ms: number; maxMs: number };

export type FloodReport = {
  title: string;
  steps: number;
  seconds: number;
  /** Before the attack, during it. */
  calm: Felt[];
  flooded: Felt[];
  /** How often the attacker saw each outcome. */
  outcomes: Record<string, number>;
  /** Resident memory of the server. Absent where there is no /proc. */
  memoryMb: { before: number; after: number } | undefined;
};

/** Runs one flood against a server of its own. `share`: 1 for full size. */
export async function runFlood(flood: Flood, share: number): Promise<FloodReport> {
  const data = makeDataDirectory();
  const server = await startServer(data, { quiet: "mute", ...(flood.env === undefined ? {} : { env: flood.env }) });
  try {
    const { good, attack } = await flood.prepare({ data, server });
    const steps = Math.ceil(flood.steps * share);
    await feel(good, pause(warmUpMs));
    const calm = await feel(good, pause(Math.max(1_000, 10_000 * share)));
    const before = residentMb(server.pid);
    const outcomes: Record<string, number> = {};
    const startedAtMs = performance.now();
    const underAttack = attack(steps, (outcome) => {
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    });
    const flooded = await feel(good, underAttack);
    const seconds = (performance.now() - startedAtMs) / 1000;
    const after = residentMb(server.pid);
    const memoryMb = before === undefined || after === undefined ? undefined : { before, after };
    return { title: flood.title, steps, seconds, calm, flooded, outcomes, memoryMb };
  } finally {
    await server.kill();
    data.remove();
  }
}

const warmUpMs = 500;

/** Lets the good clients work until `done`, and at least one request each. */
async function feel(good: readonly GoodClient[], done: Promise<unknown>): Promise<Felt[]> {
  let isOver = false;
  const over = () => {
    isOver = true;
  };
  void done.then(over, over);
  const felt = await Promise.all(
    good.map(async ({ name, everyMs, request }): Promise<Felt> => {
      const times: number[] = [];
      let served = 0;
      do {
        const startedAtMs = performance.now();
        if (await request().catch(() => false)) served++;
        times.push(performance.now() - startedAtMs);
        await pause(everyMs);
      } while (!isOver);
      const [p50Ms, p95Ms, maxMs] = [0.5, 0.95, 1].map((share) => quantile(times, share));
      return { name, sent: times.length, served, p50Ms: p50Ms!, p95Ms: p95Ms!, maxMs: maxMs! };
    }),
  );
  await done;
  return felt;
}

/** Takes `steps` steps, `perSecond` of them, with at most `atOnce` under way. */
export async function atRate(
  { steps, perSecond, atOnce }: { steps: number; perSecond: number; atOnce: number },
  step: (index: number) => Promise<void>,
): Promise<void> {
  const underWay = new Set<Promise<void>>();
  const startedAtMs = performance.now();
  for (let index = 0; index < steps; index++) {
    const dueMs = startedAtMs + (index / perSecond) * 1000;
    const early = dueMs - performance.now();
    if (early > 1) await pause(early);
    if (underWay.size >= atOnce) await Promise.race(underWay);
    const current: Promise<void> = step(index).finally(() => underWay.delete(current));
    underWay.add(current);
  }
  await Promise.all(underWay);
}

/** Linux only. */
function residentMb(pid: number): number | undefined {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))![1]) / 1024;
  } catch {
    return undefined;
  }
}

export function describeReport({ title, steps, seconds, calm, flooded, outcomes, memoryMb }: FloodReport): string {
  const answers = Object.entries(outcomes).map(([outcome, count]) => `${count} × ${outcome}`);
  const memory =
    memoryMb === undefined ? "" : `; server ${memoryMb.before.toFixed(0)} → ${memoryMb.after.toFixed(0)} MB`;
  const lines = calm.map((before, at) => {
    const during = flooded[at]!;
    const times = (felt: Felt) => [felt.p50Ms, felt.p95Ms, felt.maxMs].map((ms) => ms.toFixed(1)).join(" / ");
    const served = `served ${before.served} of ${before.sent}, then ${during.served} of ${during.sent}`;
    return `  ${before.name}: ${served}; p50 / p95 / max ${times(before)} ms, then ${times(during)} ms`;
  });
  return [
    title,
    `  attack: ${steps} steps in ${seconds.toFixed(1)} s: ${answers.join(", ") || "nothing noted"}${memory}`,
    ...lines,
  ].join("\n");
}

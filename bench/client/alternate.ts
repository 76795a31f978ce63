import { performance } from "node:perf_hooks";

/** A call to measure; `at` counts from 0. */
export type Contender = { name: string; once(at: number): Promise<unknown> };

/**
 * Microseconds for one call, by the clock and of processor time: medians of the rounds, and of the ratio to the first
 * contender in the same round.
 */
export type Row = { name: string; microseconds: number; ratio: number; cpuMicroseconds: number; cpuRatio: number };

/**
 * Makes `calls` sequential calls in each round. The rounds of all contenders alternate and each begins with another
 * contender, so that other load on the machine affects all of them; the first round is a warm-up and does not count.
 */
export async function alternate(
  contenders: readonly Contender[],
  { rounds, calls }: { rounds: number; calls: number },
): Promise<Row[]> {
  const taken = contenders.map((): number[] => []);
  const worked = contenders.map((): number[] => []);
  for (let round = -1; round < rounds; round++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      const which = (turn + Math.max(0, round)) % contenders.length;
      const [startedMs, startedCpu] = [performance.now(), process.cpuUsage()];
      for (let at = 0; at < calls; at++) await contenders[which]!.once(at);
      const { user, system } = process.cpuUsage(startedCpu);
      if (round < 0) continue;
      taken[which]!.push(((performance.now() - startedMs) / calls) * 1000);
      worked[which]!.push((user + system) / calls);
    }
  }
  const ratio = (measured: readonly number[][], which: number): number =>
    median(measured[which]!.map((value, round) => value / measured[0]![round]!));
  return contenders.map(({ name }, which) => ({
    name,
    microseconds: median(taken[which]!),
    ratio: ratio(taken, which),
    cpuMicroseconds: median(worked[which]!),
    cpuRatio: ratio(worked, which),
  }));
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

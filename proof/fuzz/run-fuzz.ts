import { seededRandom } from "@symbolon/testing";
import { mutate } from "./mutate.ts";
import type { Target } from "./targets.ts";

export type Finding = { target: string; text: string; flaw: string };
export type FuzzResult = { inputs: number; findings: Finding[] };

/** How many mutated texts a target keeps as further seeds, so that changes accumulate. */
const poolSize = 64;
const longestFindings = 20;

/** If the fastest of five runs on at most 4 KiB takes longer, the parser is not linear. */
const slowMs = 50;

/** Feeds `inputs` mutated texts to the targets in turn. The same seed produces the same texts. */
export function runFuzz(targets: readonly Target[], inputs: number, seed: number): FuzzResult {
  const random = seededRandom(seed);
  const pools = targets.map(({ seeds }) => [...seeds]);
  const findings: Finding[] = [];
  let ran = 0;
  for (; ran < inputs && findings.length < longestFindings; ran++) {
    const target = targets[ran % targets.length]!;
    const pool = pools[ran % targets.length]!;
    const text = mutate(pool[random.below(pool.length)]!, pool[random.below(pool.length)]!, random);
    const flaw = judge(target, text);
    if (flaw !== undefined) findings.push({ target: target.name, text, flaw });
    if (random.below(8) === 0) keep(pool, text, target.seeds.length, random.below(poolSize));
  }
  return { inputs: ran, findings };
}

/** Keeps the target's own seeds; replaces a random one of the others. */
function keep(pool: string[], text: string, own: number, at: number): void {
  if (text.length <= 512) pool[pool.length < own + poolSize ? pool.length : own + at] = text;
}

function judge(target: Target, text: string): string | undefined {
  try {
    const startedAt = performance.now();
    const flaw = target.flaw(text);
    return (
      flaw ??
      (performance.now() - startedAt > slowMs && isSlow(target, text) ? "more time than its length allows" : undefined)
    );
  } catch (error) {
    return `threw ${String(error)}`;
  }
}

function isSlow(target: Target, text: string): boolean {
  for (let run = 0; run < 5; run++) {
    const before = process.threadCpuUsage();
    target.flaw(text);
    const { user, system } = process.threadCpuUsage(before);
    if ((user + system) / 1000 <= slowMs) return false;
  }
  return true;
}

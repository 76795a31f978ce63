import { seededRandom, type SeededRandom } from "../seeded-random.ts";

/** The random choices of a seed. */
export type Dice = {
  bytes: SeededRandom;
  /** True with this probability. */
  chance(probability: number): boolean;
  /** A whole number from the range, both ends included. */
  between(least: number, most: number): number;
  pick<T>(list: readonly T[]): T;
  /** Milliseconds up to `most`, with a fraction, so that two events rarely happen at once; mostly short. */
  delay(most: number): number;
};

export function makeDice(seed: number): Dice {
  const bytes = seededRandom(seed);
  const fraction = (): number => bytes.below(1_000_000) / 1_000_000;
  return {
    bytes,
    chance: (probability) => fraction() < probability,
    between: (least, most) => least + bytes.below(most - least + 1),
    pick: (list) => list[bytes.below(list.length)]!,
    delay: (most) => most * (fraction() < 0.9 ? 0.02 : 1) * fraction(),
  };
}

import type { Field } from "./field.ts";

/** The result of one kind of race, with the first hundred violations. */
export type RaceReport = {
  name: string;
  races: number;
  requests: number;
  checks: number;
  seconds: number;
  violations: string[];
};

/** Keeps count of one kind of race. */
export class Ledger {
  readonly #name: string;
  readonly #field: Pick<Field, "requests">;
  readonly #requestsBefore: number;
  readonly #startedMs = performance.now();
  readonly #violations: string[] = [];
  #checks = 0;

  constructor(name: string, field: Pick<Field, "requests">) {
    this.#name = name;
    this.#field = field;
    this.#requestsBefore = field.requests();
  }

  expect(holds: boolean, otherwise: string): void {
    this.#checks++;
    if (!holds && this.#violations.length < 100) this.#violations.push(otherwise);
  }

  close(races: number): RaceReport {
    return {
      name: this.#name,
      races,
      requests: this.#field.requests() - this.#requestsBefore,
      checks: this.#checks,
      seconds: (performance.now() - this.#startedMs) / 1000,
      violations: this.#violations,
    };
  }
}

/** Works through all items, `width` of them at any one time. */
export async function inTurns<T>(
  items: readonly T[],
  width: number,
  work: (item: T, index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const one = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) await work(items[index]!, index);
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, one));
}

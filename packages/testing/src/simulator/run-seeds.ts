/** The outcome of one seed. `violation`: what broke an invariant; undefined if all of them held. */
export type Played = {
  violation: string | undefined;
  sightings: Sightings;
  traceHash: number;
  trace: readonly string[];
  plan: object;
};

/** How often each rare state was reached. */
export type Sightings = ReadonlyMap<string, number>;

/**
 * A simulation that a seed decides from beginning to end. `name` is its npm script; `rareStates` are the states that
 * many seeds must reach, each at least once.
 */
export type Simulation = {
  name: string;
  play(seed: number, options?: { keepsTrace?: boolean }): Promise<Played>;
  rareStates: readonly string[];
};

export type SeedsResult = {
  seeds: number;
  failures: { seed: number; violation: string }[];
  sightings: Map<string, number>;
};

/** Plays the seeds one after the other. `rest` is awaited between two of them. */
export async function runSeeds(
  { play }: Simulation,
  seeds: Iterable<number>,
  rest: () => Promise<void>,
): Promise<SeedsResult> {
  const result: SeedsResult = { seeds: 0, failures: [], sightings: new Map() };
  for (const seed of seeds) {
    const { violation, sightings } = await play(seed);
    result.seeds++;
    if (violation !== undefined) result.failures.push({ seed, violation });
    for (const [state, times] of sightings) result.sightings.set(state, (result.sightings.get(state) ?? 0) + times);
    if (result.failures.length >= 10) break;
    await rest();
  }
  return result;
}

export function* seedsFrom(first: number, count: number): Iterable<number> {
  for (let seed = first; seed < first + count; seed++) yield seed;
}

export const neverSeen = ({ rareStates }: Simulation, sightings: Sightings): string[] =>
  rareStates.filter((state) => !sightings.has(state));

/** The command that plays one seed again. */
export const replayCommand = ({ name }: Simulation, seed: number): string =>
  `npm run ${name} -- --seed ${seed} --trace`;

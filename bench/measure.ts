import { runLoad } from "./load.ts";
import type { Work } from "./contenders.ts";
import type { Options } from "./options.ts";
import type { Performer } from "./stage.ts";

/** One contender in one round. */
export type Sample = { requestsPerSecond: number; p50Ms: number; p99Ms: number; cpuMicrosPerRequest: number };

/** One line of the table: medians over the rounds. */
export type Line = Measured & {
  work: Work;
  server: string;
  description: string;
  /** Tokens that one answer is about. */
  tokens: number;
};

/** The result over all rounds. */
export type Measured = Sample & {
  requests: number;
  peakBytes: number;
  /** Requests/s (of a batch: tokens/s) as a share of bare node:http's requests/s in the same round. */
  ofBare: number;
  /** Bare node:http's CPU time per request as a share of ours: what `ofBare` would be if nothing else ran or waited. */
  ofBareByCpu: number;
};

/**
 * Measures in alternating rounds: each contender works for `seconds` in each, and each round begins with another
 * contender, so that other load on the machine affects all of them. A warm-up round comes first and does not count.
 */
export async function measure(
  performers: readonly Performer[],
  { seconds, rounds }: Pick<Options, "seconds" | "rounds">,
): Promise<Line[]> {
  const samples = performers.map((): Sample[] => []);
  const requests = performers.map(() => 0);
  for (let round = 0; round <= rounds; round++) {
    for (let step = 0; step < performers.length; step++) {
      const index = (round + step) % performers.length;
      if (round === 0) {
        await warmUp(performers[index]!, seconds * 1000);
        continue;
      }
      const { answers, sample } = await takeSample(performers[index]!, seconds * 1000);
      samples[index]!.push(sample);
      requests[index]! += answers;
    }
  }
  const bare = samples[0]!;
  const lines: Line[] = [];
  for (const [index, { contender, server }] of performers.entries()) {
    const own = samples[index]!;
    const { peakBytes } = await server.usage();
    const { work, server: name, description, tokens } = contender;
    lines.push({
      work,
      server: name,
      description,
      tokens,
      requests: requests[index]!,
      peakBytes,
      requestsPerSecond: median(own.map((sample) => sample.requestsPerSecond)),
      p50Ms: median(own.map((sample) => sample.p50Ms)),
      p99Ms: median(own.map((sample) => sample.p99Ms)),
      cpuMicrosPerRequest: median(own.map((sample) => sample.cpuMicrosPerRequest)),
      ofBare: median(own.map((sample, round) => (sample.requestsPerSecond * tokens) / bare[round]!.requestsPerSecond)),
      ofBareByCpu: median(
        own.map((sample, round) => (bare[round]!.cpuMicrosPerRequest * tokens) / sample.cpuMicrosPerRequest),
      ),
    });
  }
  return lines;
}

/**
 * Stretches of warm-up after which a contender is measured, even if it has not yet been asked about each token in use.
 */
const warmUpPatience = 8;

async function warmUp(performer: Performer, milliseconds: number): Promise<void> {
  const wanted = performer.scripts.reduce((sum, { cycle = 0 }) => sum + cycle, 0);
  for (let answers = 0, stretch = 0; stretch === 0 || (answers < wanted && stretch < warmUpPatience); stretch++) {
    answers += (await takeSample(performer, milliseconds)).answers;
  }
}

async function takeSample(
  { contender, server, scripts }: Performer,
  milliseconds: number,
): Promise<{ answers: number; sample: Sample }> {
  const before = await server.usage();
  const load = await runLoad(server.port, scripts, milliseconds).catch((error: Error) => {
    throw new Error(`${contender.server}, ${contender.work}: ${error.message}`, { cause: error });
  });
  const after = await server.usage();
  if (load.answers === 0) throw new Error(`${contender.server}, ${contender.work}: no answer came`);
  return {
    answers: load.answers,
    sample: {
      requestsPerSecond: load.answers / load.seconds,
      p50Ms: load.p50Ms,
      p99Ms: load.p99Ms,
      cpuMicrosPerRequest: (after.cpuMicros - before.cpuMicros) / load.answers,
    },
  };
}

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

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
  says: string;
  /** Tokens that one answer is about. */
  tokens: number;
};

/** What a row of rounds came to. */
export type Measured = Sample & {
  requests: number;
  peakBytes: number;
  /** Requests/s (of a batch: tokens/s) as a share of bare node:http's requests/s in the same round. */
  ofBare: number;
  /** Bare node:http's CPU time per request as a share of ours: what `ofBare` would be if nothing else ran or waited. */
  ofBareByCpu: number;
};

/**
 * Alternating rounds: in each, every contender works for so long, and each round begins with another one, so that a
 * busy moment of the machine hits them all. A round before the first warms everybody up and is thrown away.
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
    const { work, server: name, says, tokens } = contender;
    lines.push({
      work,
      server: name,
      says,
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

/** Tokens in use are tokens that were asked about before; whoever is slow at it starts all the same. */
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

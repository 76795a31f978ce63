import { mkdirSync, writeFileSync } from "node:fs";
import { contenders, entrantNames, works } from "./contenders.ts";
import { findCores, pinSelf, type Cores } from "./cores.ts";
import { measure } from "./measure.ts";
import { Misused, readOptions, usage, type Options } from "./options.ts";
import { chart } from "./report/chart.ts";
import { writeMarkdown } from "./report/markdown.ts";
import { report } from "./report/report.ts";
import { asText } from "./report/text.ts";
import { measureScale } from "./scale/scale.ts";
import { onStage } from "./stage.ts";

/** `npm run bench`: compares Symbolon with servers that do nothing and with other authorization servers, in one run. */
async function bench(options: Options): Promise<void> {
  const known: readonly string[] = [...works, ...entrantNames];
  const unknown = options.only.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Misused(`--only knows ${known.join("; ")}`);
  const cores = findCores();
  if (options.profile !== undefined) mkdirSync(options.profile, { recursive: true });
  if (cores !== undefined) pinSelf(cores.load);
  const asksOursAlone =
    options.sizes.length > 0 || options.growth !== undefined || options.sweep !== undefined || options.start;
  const measured = asksOursAlone
    ? { lines: [], seeding: {}, scale: await measureScale(options, cores) }
    : { ...(await measureWorks(options, cores)), scale: {} };
  const run = report(measured, options, cores);
  if (options.out !== undefined) writeMarkdown(options.out, run);
  if (options.chart !== undefined && run.lines.length > 0) writeFileSync(options.chart, chart(run));
  console.log(options.json ? JSON.stringify(run, null, 2) : asText(run));
}

const measureWorks = (options: Options, cores: Cores | undefined) =>
  onStage(contenders(options.only, options.beside), options, cores, async ({ performers, seeding }) => ({
    lines: await measure(performers, options),
    seeding,
  }));

try {
  const options = readOptions(process.argv.slice(2));
  if (options === undefined) console.log(usage);
  // Imported only when needed: embedded PostgreSQL installs a hook that makes every exit code 0.
  else if (options.client) await (await import("./client/bench.ts")).benchClient(options.rounds, options.out);
  else await bench(options);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  if (error instanceof Misused) console.error("See: npm run bench -- --help");
  process.exitCode = error instanceof Misused ? 2 : 1;
}

import { mkdirSync } from "node:fs";
import { contenders, names } from "./contenders.ts";
import { findCores, pinSelf } from "./cores.ts";
import { measure } from "./measure.ts";
import { Misused, readOptions, usage, type Options } from "./options.ts";
import { asText, report, writeMarkdown } from "./report.ts";
import { onStage } from "./stage.ts";

/** `npm run bench`: how fast we are beside a server that does nothing, in one run. */
async function bench(options: Options): Promise<void> {
  const unknown = options.only.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new Misused(`--only knows ${names.join(", ")}`);
  const cores = findCores();
  if (options.profile !== undefined) mkdirSync(options.profile, { recursive: true });
  const lines = await onStage(contenders(options.only, options.beside), options, cores, (performers) => {
    if (cores !== undefined) pinSelf(cores.load);
    return measure(performers, options);
  });
  const run = report(lines, options, cores);
  if (options.out !== undefined) writeMarkdown(options.out, run);
  console.log(options.json ? JSON.stringify(run, null, 2) : asText(run));
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options === undefined) console.log(usage);
  else await bench(options);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  if (error instanceof Misused) console.error("See: npm run bench -- --help");
  process.exitCode = error instanceof Misused ? 2 : 1;
}

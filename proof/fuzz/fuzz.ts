import { parseArgs } from "node:util";
import { runFuzz } from "./run-fuzz.ts";
import { targets } from "./targets.ts";

/**
 * `npm run fuzz`: exit code 1 if a parser fails. Without a seed, a random one.
 */
const { values } = parseArgs({
  options: {
    inputs: { type: "string", default: "1000000" },
    seed: { type: "string", default: String(Date.now() % 2 ** 31) },
    help: { type: "boolean", default: false },
  },
});

if (values.help) console.log("npm run fuzz -- [--inputs N] [--seed N]");
else fuzz();

function fuzz(): void {
  const startedAt = performance.now();
  const { inputs, findings } = runFuzz(targets, Number(values.inputs), Number(values.seed));
  const seconds = (performance.now() - startedAt) / 1000;
  for (const { target, text, flaw } of findings) console.log(`${target}: ${flaw}: ${JSON.stringify(text)}`);
  const rate = `${Math.round(inputs / seconds)} inputs/s`;
  console.log(
    `${inputs} inputs to ${targets.length} parsers with seed ${values.seed}: ${rate}, ${findings.length} findings`,
  );
  process.exitCode = findings.length === 0 && inputs > 0 ? 0 : 1;
}

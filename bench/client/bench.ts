import { writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { measureCalls } from "./calls.ts";
import { pageOf } from "./page.ts";
import { measureStores } from "./refreshes.ts";

/** `npm run bench:client`: prints the tables; with `--write` also into docs/benchmarks-client.md. */
const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "15" },
    calls: { type: "string", default: "300" },
    grants: { type: "string", default: "100" },
    write: { type: "boolean", default: false },
  },
});
const [rounds, calls, grants] = [values.rounds, values.calls, values.grants].map(Number) as [number, number, number];

const load = loadavg()[0]!;

const page = pageOf({
  calls: await measureCalls({ rounds, calls }),
  stores: await measureStores({ rounds, grants }),
  sizes: `${rounds} rounds of ${calls} calls, and of ${grants} grants for each store.`,
  machine: `Node ${process.versions.node} on ${cpus().length} cores (${cpus()[0]?.model ?? "unknown"}); the load average was ${load.toFixed(1)} when it began, so ${load > 1.5 ? "other work took most of the machine, and only processor time and ratios mean much" : "the machine was quiet"}.`,
});
console.log(page);
if (values.write) writeFileSync(join(import.meta.dirname, "../../docs/benchmarks-client.md"), page);

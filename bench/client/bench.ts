import { writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { measureCalls } from "./calls.ts";
import { pageOf } from "./page.ts";
import { measureStores } from "./refreshes.ts";

const [calls, grants] = [300, 100];

/** `npm run bench -- --client`: prints the tables, and writes them as the page `out`. */
export async function benchClient(rounds: number, out: string | undefined): Promise<void> {
  const load = loadavg()[0]!;
  const quiet =
    load > 1.5
      ? "other work took most of the machine, and only processor time and ratios are meaningful"
      : "the machine was quiet";
  const cores = `${cpus().length} cores (${cpus()[0]?.model ?? "unknown"})`;
  const page = pageOf({
    calls: await measureCalls({ rounds, calls }),
    stores: await measureStores({ rounds, grants }),
    sizes: `${rounds} rounds of ${calls} calls, and of ${grants} grants for each store.`,
    machine: [
      `Node ${process.versions.node} on ${cores};`,
      `the load average was ${load.toFixed(1)} when it began, so ${quiet}.`,
    ].join(" "),
  });
  console.log(page);
  if (out !== undefined) writeFileSync(out, page);
}

import { parseArgs } from "node:util";
import { setFaultStage } from "../faults/stage.ts";
import { restartBehindBalancer } from "./balanced.ts";
import { restartOnInheritedSocket } from "./inherited.ts";

/**
 * `npm run restarts`: 200 restarts under load in each of two ways, and how many requests failed.
 * `npm run restarts -- inherited --restarts 20`: one of them, fewer.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { restarts: { type: "string", default: "200" }, help: { type: "boolean", default: false } },
});
const clients = 20;

if (values.help) console.log("npm run restarts -- [--restarts 200] [balanced] [inherited]");
else {
  const restarts = Number(values.restarts);
  for (const [name, way, run] of [
    ["balanced", "two servers behind a load balancer that asks /ready", restartBehindBalancer],
    ["inherited", "one server with an inherited socket", restartOnInheritedSocket],
  ] as const) {
    if (positionals.length > 0 && !positionals.includes(name)) continue;
    const stage = await setFaultStage();
    const startedAtMs = performance.now();
    const { served, failures, connections, overloaded } = await run(stage, clients, restarts);
    const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(0);
    const load = `${restarts} restarts, ${clients} keep-alive clients, ${served} requests served`;
    const closed = `${connections} closed by Connection: close`;
    const busy = `${overloaded} asked again because the machine was busy`;
    console.log(`R-27: ${way}: ${load}, ${closed}, ${busy}, ${failures.length} failed, ${seconds} s`);
    for (const failure of failures.slice(0, 20)) console.log(`  ${failure}`);
    if (failures.length > 0) process.exitCode = 1;
    await stage.close();
  }
}

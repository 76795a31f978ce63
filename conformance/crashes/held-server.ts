import { once } from "node:events";
import { run } from "../../apps/symbolon/src/command/run.ts";
import { processTerminal } from "../../apps/symbolon/src/edge/process-terminal.ts";

/**
 * The command, loaded and compiled, that begins when a line comes in: it opens no file until then. So a server can be ready
 * to take the place of another in the moment that that one is killed, and rounds of kills cost no start of a process.
 */
await once(process.stdin, "data");
process.stdin.destroy();
process.exitCode = await run(process.argv.slice(2), processTerminal());

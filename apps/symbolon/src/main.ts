import { run } from "./command/run.ts";
import { processTerminal } from "./edge/process-terminal.ts";

process.exitCode = await run(process.argv.slice(2), processTerminal());

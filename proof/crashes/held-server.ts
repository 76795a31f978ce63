import { once } from "node:events";

/**
 * The command, loaded and compiled, which starts when it reads a line and opens no file until then. So a server can
 * replace a killed one at once, and a round does not wait for a process to start.
 */
const source = new URL("../../apps/symbolon/src/", import.meta.url);
await import(new URL("command/run.ts", source).href);
await once(process.stdin, "data");
process.stdin.destroy();
await import(new URL("main.ts", source).href);

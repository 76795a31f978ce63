import { once } from "node:events";

/**
 * The command, loaded and compiled, that begins when a line comes in: it opens no file until then. So a server can be
 * ready to take the place of another in the moment that that one is killed, and rounds of kills cost no start of a
 * process.
 */
const source = new URL("../../apps/symbolon/src/", import.meta.url);
await import(new URL("command/run.ts", source).href);
await once(process.stdin, "data");
process.stdin.destroy();
await import(new URL("main.ts", source).href);

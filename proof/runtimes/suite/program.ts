import { runSuite } from "./run.ts";

/** The suite as a program: the provider's address is its argument, the findings are its output. */
const { process } = globalThis as { process?: { argv: string[] } };
console.log(JSON.stringify(await runSuite(process!.argv[2]!)));

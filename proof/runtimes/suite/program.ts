import { runSuite } from "./run.ts";

/** The suite as a program: its argument is the provider's address, and it prints the findings. */
const { process } = globalThis as { process?: { argv: string[] } };
console.log(JSON.stringify(await runSuite(process!.argv[2]!)));

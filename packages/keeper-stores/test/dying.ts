import { promises } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";

/**
 * A process that does one thing to a file store, and dies by SIGKILL before or in its nth step on the disk. A step is a
 * call that changes something; dying *in* one leaves half of a value, or for other calls all that they do. With "full"
 * it does not die: the disk is full at that step, which is answered with what the store makes of it.
 */
const [where, operation, nth, when] = process.argv.slice(2) as [string, string, string, "before" | "in" | "full"];

let steps = 0;
const die = (): never => {
  process.kill(process.pid, "SIGKILL");
  for (;;);
};

const { openFilesKeeperStore } = await import("../src/files/index.ts");
const store = await openFilesKeeperStore({ directory: where });
const entry = await store.read("entry");

type Call = (...given: unknown[]) => Promise<unknown>;
function watch(owner: object, name: string): void {
  const methods = owner as Record<string, Call>;
  const call = methods[name]!;
  methods[name] = async function (this: unknown, ...given) {
    const isIt = ++steps === Number(nth);
    if (isIt && when === "before") die();
    if (isIt && when === "full") throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
    if (isIt && when === "in" && name === "writeFile" && typeof given[0] === "string" && owner !== promises) {
      await call.call(this, given[0].slice(0, given[0].length / 2));
      die();
    }
    const answer = await call.apply(this, given);
    if (isIt) die();
    return answer;
  };
}
const probe = await promises.open(join(where, "."), "r");
await probe.close();
for (const name of ["writeFile", "sync"]) watch(Object.getPrototypeOf(probe) as object, name);
for (const name of ["mkdir", "open", "rename", "unlink", "writeFile"]) watch(promises, name);
syncBuiltinESMExports();

const work =
  operation === "remove"
    ? store.remove("entry", entry!.revision)
    : store.write("entry", entry?.revision ?? 0, `new${"!".repeat(10_000)}`);
const outcome = await work.then(
  (answer) => (answer ? "done" : "somebody else was first"),
  (error: Error) => error.name,
);
process.stdout.write(`${JSON.stringify({ steps, outcome })}\n`);

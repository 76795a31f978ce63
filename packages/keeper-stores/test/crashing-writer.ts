import { promises } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";

/**
 * A process that runs one operation on a files store and is killed by SIGKILL before (`before`) or during (`in`) its
 * nth call that changes the disk. Killed during a write of a value, half of it is written; other calls are completed.
 * With `full` it is not killed: that call fails with ENOSPC, and the process prints what the store made of it.
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
function interceptCalls(owner: object, name: string): void {
  const methods = owner as Record<string, Call>;
  const call = methods[name]!;
  methods[name] = async function (this: unknown, ...given) {
    const isTarget = ++steps === Number(nth);
    if (isTarget && when === "before") die();
    if (isTarget && when === "full")
      throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
    if (isTarget && when === "in" && name === "writeFile" && typeof given[0] === "string" && owner !== promises) {
      await call.call(this, given[0].slice(0, given[0].length / 2));
      die();
    }
    const answer = await call.apply(this, given);
    if (isTarget) die();
    return answer;
  };
}
const probe = await promises.open(join(where, "."), "r");
await probe.close();
for (const name of ["writeFile", "sync"]) interceptCalls(Object.getPrototypeOf(probe) as object, name);
for (const name of ["mkdir", "open", "rename", "unlink", "writeFile"]) interceptCalls(promises, name);
syncBuiltinESMExports();

const work =
  operation === "remove"
    ? store.remove("entry", entry!.revision)
    : store.write("entry", entry?.revision ?? 0, `new${"!".repeat(10_000)}`);
const outcome = await work.then(
  (answer) => (answer ? "done" : "lost"),
  (error: Error) => error.name,
);
process.stdout.write(`${JSON.stringify({ steps, outcome })}\n`);

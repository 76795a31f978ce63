import { writeFileSync } from "node:fs";

/**
 * Preloaded into the server with `--expose-gc`: on SIGUSR2 it collects all garbage and writes the size of the heap to a
 * file. A leak shows there; resident memory includes caches.
 */
const file = process.env["SYMBOLON_HEAP_FILE"];
delete process.env["SYMBOLON_HEAP_FILE"]; // The server refuses variables that it does not know.

process.on("SIGUSR2", () => {
  globalThis.gc?.();
  globalThis.gc?.(); // The second collection frees what the first one finalised.
  const { heapUsed, external } = process.memoryUsage();
  if (file !== undefined) writeFileSync(file, JSON.stringify({ heapUsed, external }));
});

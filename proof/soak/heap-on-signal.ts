import { writeFileSync } from "node:fs";

/**
 * Preloaded into the server that is soaked, with `--expose-gc`: on SIGUSR2 it collects all garbage and writes down what
 * is left. What a collection leaves behind is what a leak would be made of; resident memory alone does not tell it from
 * caches.
 */
const file = process.env["SYMBOLON_HEAP_FILE"];
delete process.env["SYMBOLON_HEAP_FILE"]; // The server refuses variables that it does not know.

process.on("SIGUSR2", () => {
  globalThis.gc?.();
  globalThis.gc?.(); // What the first one finalised, the second one frees.
  const { heapUsed, external } = process.memoryUsage();
  if (file !== undefined) writeFileSync(file, JSON.stringify({ heapUsed, external }));
});

#!/usr/bin/env node
// Plain JavaScript without imports, so that a Node that is too old gets far enough to say so.
const major = Number(process.versions.node.split(".")[0]);

if (major < 24) {
  process.stderr.write(
    `symbolon needs Node 24, and this is Node ${process.versions.node}.\n` +
      "The repository brings its own: run `npm ci` once, then `npx symbolon …` or `npm start`, which use it.\n",
  );
  process.exitCode = 2;
} else {
  // A header of this name reads the accessor, and under --disable-proto=throw that would end the process (HT-05, HT-14).
  Reflect.deleteProperty(Object.prototype, "__proto__");
  const { enableCompileCache } = await import("node:module");
  // Halves the time to start. Beside our own files, because compiled code in a shared /tmp could be anybody's.
  enableCompileCache(`${import.meta.dirname}/../node_modules/.cache/compiled`);
  await import("./main.ts");
}

#!/usr/bin/env node
// Plain JavaScript without imports, so that a Node that is too old gets far enough to say so.
const major = Number(process.versions.node.split(".")[0]);

if (major < 24) {
  process.stderr.write(
    `symbolon needs Node 24.18.1 or newer, and this is Node ${process.versions.node}.\n` +
      "Run it with a Node from npm: npx -p node@24 -p symbolon symbolon …\n" +
      "In the repository, run `npm ci` once: `npx symbolon …` and `npm start` then use the Node that it installs.\n",
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

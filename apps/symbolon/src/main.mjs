#!/usr/bin/env node
// Plain JavaScript without static imports: a Node that is too old can still run it and print the message below.
const major = Number(process.versions.node.split(".")[0]);

if (major < 24) {
  process.stderr.write(
    `symbolon needs Node 24.18.1 or newer, and this is Node ${process.versions.node}.\n` +
      "Run it with a Node from npm: npx -p node@24 -p symbolon symbolon …\n" +
      "In the repository, run `npm ci` once: `npx symbolon …` and `npm start` then use the Node that it installs.\n",
  );
  process.exitCode = 2;
} else {
  // Under --disable-proto=throw, a request header named __proto__ would end the process (HT-05, HT-14).
  Reflect.deleteProperty(Object.prototype, "__proto__");
  const { enableCompileCache } = await import("node:module");
  // Halves the start time. The cache lies beside our own files: other users could write to one in /tmp.
  enableCompileCache(`${import.meta.dirname}/../node_modules/.cache/compiled`);
  await import("./main.ts");
}

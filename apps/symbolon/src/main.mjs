#!/usr/bin/env node
// Plain JavaScript, so that a Node that cannot read TypeScript still gets far enough to say so.
const major = Number(process.versions.node.split(".")[0]);

if (major < 24) {
  process.stderr.write(
    `symbolon needs Node 24, and this is Node ${process.versions.node}.\n` +
      "The repository brings its own: run `npm ci` once, then `npx symbolon …` or `npm start`, which use it.\n",
  );
  process.exitCode = 2;
} else {
  await import("./main.ts");
}

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundleForBrowsers, fetchedFor } from "./bundle/browser.ts";
import { buildPackages, published } from "./bundle/packages.ts";

/** `npm run bundle`: writes dist/: the packages as they are published, and dist/browser with what pages and workers load. */
const dist = join(import.meta.dirname, "..", "dist");

await buildPackages(dist);
console.log(`${published.map((name) => `dist/${name}`).join(", ")}: ready for npm pack`);

const bundles = await bundleForBrowsers(["core", "keeper"]);
mkdirSync(join(dist, "browser"));
for (const { name, text } of bundles) writeFileSync(join(dist, "browser", name), text);

const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(2)} kB gzip`;
const core = fetchedFor("core", bundles);
console.log(`dist/browser/core.js    ${kilobytes(core.gzipBytes)}`);
console.log(`dist/browser/keeper.js  ${kilobytes(fetchedFor("keeper", bundles, core.files).gzipBytes)} more`);
console.log(`All of the client would be ${kilobytes(fetchedFor("client", await bundleForBrowsers(["client"])).gzipBytes)}.`);

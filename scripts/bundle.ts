import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundleForBrowsers, gzipBytesOf } from "./bundle/browser.ts";
import { buildPackages } from "./packages/build.ts";
import { published } from "./packages/published.ts";

/**
 * `npm run bundle`: writes dist/: the packages as they are published, and dist/browser with what pages and workers
 * load.
 */
const dist = join(import.meta.dirname, "..", "dist");

await buildPackages(dist);
console.log(`${published.map(({ name }) => `dist/${name}`).join(", ")}: ready for npm pack`);

const bundles = await bundleForBrowsers(["core", "keeper"]);
mkdirSync(join(dist, "browser"));
for (const { name, text } of bundles) writeFileSync(join(dist, "browser", name), text);

const sizeOf = async (...names: string[]): Promise<number> => gzipBytesOf(await bundleForBrowsers(names));
const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(2)} kB gzip`;
const core = await sizeOf("core");
console.log(`core verbs         ${kilobytes(core)}`);
console.log(`and the keeper     ${kilobytes(gzipBytesOf(bundles) - core)} more`);
console.log(`all of the client  ${kilobytes(await sizeOf("client"))}`);

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { routes, type Route } from "@symbolon/server";
import { tableRow } from "./markdown-table.ts";

/**
 * `npm run routes`: writes the table of endpoints in docs/endpoints.md from the table of routes. With `--check` it
 * writes nothing, and fails if the page differs.
 */
const page = join(import.meta.dirname, "../docs/endpoints.md");
const block = /<!-- routes -->\n[\s\S]*?<!-- \/routes -->/;

export function tableOf(rows: readonly Route[]): string {
  const lines = rows.map((route) => {
    const path = `\`${route.path.replace("{base}", "") || "/"}\``;
    const metadataKey = route.metadataKey === undefined ? "" : `\`${route.metadataKey}\``;
    return tableRow([path, methodsOf(route), limitOf(route), route.answers, corsOf(route), metadataKey, route.purpose]);
  });
  return [
    "| path | methods | body | answers | CORS | in the metadata | |",
    "|---|---|---|---|---|---|---|",
    ...lines,
  ].join("\n");
}

const methodsOf = (route: Route): string => ["GET", "POST"].filter((method) => method in route).join(", ");

const corsOf = ({ cors }: Route): string => (cors ? "any origin" : "");

const limitOf = (route: Route): string => ("bodyLimit" in route ? `${route.bodyLimit / 1024} KiB` : "");

if (import.meta.main) {
  const before = readFileSync(page, "utf8");
  if (!block.test(before)) throw new Error("docs/endpoints.md has no <!-- routes --> block");
  const after = before.replace(block, () => `<!-- routes -->\n${tableOf(Object.values(routes))}\n<!-- /routes -->`);
  const isStale = after !== before;
  if (isStale && process.argv.includes("--check")) {
    console.error("docs/endpoints.md differs from packages/server/src/http/routes.ts; run `npm run routes`");
    process.exitCode = 1;
  } else if (isStale) writeFileSync(page, after);
}

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { managementDocument } from "@symbolon/server";
import { typesOf } from "./openapi/types.ts";

/**
 * Writes the OpenAPI document of the management API, and the types of `@symbolon/client/admin` that follow from it;
 * `npm run api` calls it. With `--check` it writes nothing, and fails if one of them differs.
 */
const root = join(import.meta.dirname, "..");
const document = managementDocument({ issuer: "https://id.example.com" });

const generated: Readonly<Record<string, string>> = {
  "docs/api/admin-openapi.json": `${JSON.stringify(document, null, 2)}\n`,
  "packages/client/src/admin/types.ts": typesOf(document),
};

for (const [path, text] of Object.entries(generated)) {
  const file = join(root, path);
  if (!process.argv.includes("--check")) writeFileSync(file, text);
  else if (readFileSync(file, "utf8") !== text) {
    console.error(`${path} differs from packages/server/src/management; run \`npm run api\``);
    process.exitCode = 1;
  }
}

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { placesOf, textOf, type Page } from "./api/page.ts";
import { readExports } from "./api/read-exports.ts";
import { buildPackages } from "./packages/build.ts";

/**
 * Writes docs/api/: what the packages export, from the declarations that the compiler makes and the docstrings in them.
 * With `--check` it writes nothing, and fails if a page is stale or an export has no docstring.
 */
const contents: Readonly<
  Record<string, { title: string; entries: readonly (readonly [specifier: string, entry: string, summary: string])[] }>
> = {
  "client.md": {
    title: "The client",
    entries: [
      ["@symbolon/client", "client/src/index", "Every operation, for any provider."],
      [
        "@symbolon/client/loopback",
        "client/src/loopback/index",
        "Signing in from a program on a person's own machine; needs Node.",
      ],
    ],
  },
  "keeper.md": {
    title: "The keeper",
    entries: [
      ["@symbolon/client/keeper", "client/src/keeper/index", "Keeps grants alive, for any number of processes."],
      ["@symbolon/client/mcp", "client/src/mcp/index", "The keeper under the MCP SDK."],
    ],
  },
  "keeper-stores.md": {
    title: "Where a keeper's records live",
    entries: [
      ["@symbolon/keeper-stores/files", "keeper-stores/src/files/index", "A directory of files."],
      [
        "@symbolon/keeper-stores/sqlite",
        "keeper-stores/src/sqlite/index",
        "One SQLite file, by `node:sqlite` (Node 24).",
      ],
      ["@symbolon/keeper-stores/postgres", "keeper-stores/src/postgres/index", "A PostgreSQL table, by `pg`."],
      ["@symbolon/keeper-stores/process", "keeper-stores/src/process/index", "Which process has ended."],
    ],
  },
  "server.md": {
    title: "The server in your application",
    entries: [
      ["symbolon/server", "symbolon/src/server/index", "The whole server in your process; docs/embedding.md says how."],
    ],
  },
  "emulator.md": {
    title: "The emulator",
    entries: [
      [
        "@symbolon/emulator",
        "emulator/src/index",
        "Other people's providers, to test against; docs/emulator.md says how.",
      ],
    ],
  },
};

const root = join(import.meta.dirname, "..");

async function readPages(): Promise<Page[]> {
  const built = mkdtempSync(join(tmpdir(), "symbolon-api-"));
  try {
    await buildPackages(built);
    return Object.entries(contents).map(([file, { title, entries }]) => ({
      file,
      title,
      sections: entries.map(([specifier, entry, summary]) => ({
        specifier,
        summary,
        exports: readExports(built, entry),
      })),
    }));
  } finally {
    rmSync(built, { recursive: true, force: true });
  }
}

const isCheck = process.argv.includes("--check");
const pages = await readPages();
const exports = pages.flatMap(({ sections }) => sections.flatMap((section) => section.exports));
const problems = exports
  .filter(({ kind, doc }) => doc === "" && kind !== "type")
  .map(({ name, file }) => `${name} (packages/${file}.ts) has no docstring`);
const places = placesOf(pages, "client.md");
for (const page of pages) {
  const text = textOf(page, places);
  const path = join(root, "docs/api", page.file);
  if (!isCheck) writeFileSync(path, text);
  else if (!existsSync(path) || readFileSync(path, "utf8") !== text)
    problems.unshift(`docs/api/${page.file} is stale; run \`npm run api\``);
}
for (const problem of problems) console.log(problem);
console.log(`${exports.length} exports, ${problems.length} problems`);
process.exitCode = exports.length > 0 && problems.length === 0 ? 0 : 1;

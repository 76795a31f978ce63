import { existsSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { Failure, messageOf, UsageError } from "../command/failure.ts";
import type { Source } from "./problems.ts";

const usualName = "symbolon.config.ts";

/** The settings of the file that --config names, else of ./symbolon.config.ts; no settings where neither exists. */
export async function fileSource(named: string | undefined, cwd: string): Promise<Source & { directory: string }> {
  const path = resolve(cwd, named ?? usualName);
  const name = basename(path);
  const label = (keys: readonly PropertyKey[]): string =>
    keys.length === 0 ? `${name}:` : `${name}: ${keys.map(String).join(".")}`;
  if (!existsSync(path)) {
    if (named === undefined) return { given: {}, label, directory: dirname(path) };
    throw new UsageError(
      `There is no configuration file ${named}.`,
      "Check --config and SYMBOLON_CONFIG, or leave them out.",
    );
  }
  const module = await importFile(path, name);
  if (!("default" in module))
    throw new UsageError(`${name} has no default export.`, "End the file with: export default defineConfig({ … })");
  return { given: module.default, label, directory: dirname(path) };
}

async function importFile(path: string, name: string): Promise<object> {
  try {
    return (await import(pathToFileURL(path).href)) as object;
  } catch (error) {
    throw new Failure(
      `${name} cannot be loaded: ${messageOf(error)}`,
      "Correct the file. symbolon.config.example.ts is a working example.",
    );
  }
}

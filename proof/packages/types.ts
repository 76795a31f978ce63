import { execFile } from "node:child_process";
import { cpSync, globSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { root } from "../../scripts/packages/published.ts";
import { typedProgram } from "./programs.ts";

const strict = ["--noEmit", "--strict", "--noUncheckedIndexedAccess", "--skipLibCheck", "false"];
const nodenext = ["--module", "nodenext", "--target", "es2022"];

/** Compiler settings of other people's projects, and the files that each compiles. */
export const settings: readonly { title: string; flags: readonly string[]; files: readonly string[] }[] = [
  {
    title: "nodenext, ES module and CommonJS, with Node's types alone",
    flags: [...nodenext, "--lib", "es2022", "--types", "node"],
    files: ["use.mts", "use.cts"],
  },
  {
    title: "nodenext, ES module and CommonJS, with a browser's types alone",
    flags: [...nodenext, "--lib", "es2022,dom,dom.iterable", "--types", ""],
    files: ["use.mts", "use.cts"],
  },
  {
    title: "bundler",
    flags: ["--module", "esnext", "--moduleResolution", "bundler", "--target", "es2022", "--types", "node"],
    files: ["use.mts"],
  },
  {
    title: "nodenext, the repository's examples",
    flags: ["--module", "nodenext", "--target", "es2024", "--types", "node", "--allowImportingTsExtensions"],
    files: ["examples"],
  },
];

/** Writes the sources that `settings` name into a project. `mcp.ts` needs the MCP SDK, which is not installed there. */
export function writeTypedSources(project: string, field = "scope"): void {
  for (const file of ["use.mts", "use.cts"]) writeFileSync(join(project, file), typedProgram(field));
  cpSync(join(root, "examples"), join(project, "examples"), { recursive: true });
  for (const file of globSync("examples/**/{*.test,mcp}.ts", { cwd: project })) rmSync(join(project, file));
}

/** What a compiler says; empty where it finds nothing. */
export async function compile(
  project: string,
  { flags, files }: { flags: readonly string[]; files: readonly string[] },
  tsc = join(root, "node_modules/typescript/bin/tsc"),
): Promise<string> {
  const sources = files.flatMap((file) =>
    file === "examples" ? globSync("examples/**/*.ts", { cwd: project }) : file,
  );
  return promisify(execFile)(process.execPath, [tsc, ...strict, ...flags, ...sources], { cwd: project }).then(
    () => "",
    ({ stdout, message }: { stdout?: string; message: string }) => stdout || message,
  );
}

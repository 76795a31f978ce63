import { execFile } from "node:child_process";
import { cpSync, globSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { root } from "../../scripts/packages/published.ts";
import { typedHost } from "./embedded.ts";
import { typedProgram } from "./programs.ts";

const strict = {
  noEmit: true,
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: false,
};
const nodenext = { module: "nodenext", target: "es2022" };

type Setting = { title: string; options: Readonly<Record<string, unknown>>; files: readonly string[] };

/** Compiler settings of other people's projects, and the files that each compiles. */
export const settings: readonly Setting[] = [
  {
    title: "nodenext, with Node's types alone",
    options: { ...nodenext, lib: ["es2022"], types: ["node"] },
    files: ["use.mts", "use.cts", "embed.mts"],
  },
  {
    title: "nodenext, with a browser's types alone",
    options: { ...nodenext, lib: ["es2022", "dom", "dom.iterable"], types: [] },
    files: ["use.mts", "use.cts"],
  },
  {
    title: "bundler",
    options: { module: "esnext", moduleResolution: "bundler", target: "es2022", types: ["node"] },
    files: ["use.mts", "embed.mts"],
  },
  {
    title: "nodenext, the repository's examples",
    options: { module: "nodenext", target: "es2024", types: ["node"], allowImportingTsExtensions: true },
    files: ["examples/**/*.ts"],
  },
];

/** Writes the sources that `settings` name into a project, but for examples of packages that it does not have. */
export function writeTypedSources(project: string, field = "scope"): void {
  for (const file of ["use.mts", "use.cts"]) writeFileSync(join(project, file), typedProgram(field));
  writeFileSync(join(project, "embed.mts"), typedHost);
  cpSync(join(root, "examples"), join(project, "examples"), { recursive: true });
  for (const file of globSync("examples/**/{*.test,mcp,express,hono}.ts", { cwd: project }))
    rmSync(join(project, file));
}

/** What a compiler says; empty if it finds nothing. */
export async function compile(
  project: string,
  { options, files }: Setting,
  tsc = join(root, "node_modules/typescript/bin/tsc"),
): Promise<string> {
  const config = join(project, "tsconfig.json");
  writeFileSync(config, JSON.stringify({ compilerOptions: { ...strict, ...options }, include: files }));
  return promisify(execFile)(process.execPath, [tsc, "-p", config], { cwd: project }).then(
    () => "",
    ({ stdout, message }: { stdout?: string; message: string }) => stdout || message,
  );
}

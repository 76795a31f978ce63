import { execFile } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { installedFolder, projectFromTarballs, type Project } from "../../scripts/packages/project.ts";
import { published } from "../../scripts/packages/published.ts";
import { programs } from "../runtimes/programs.ts";
import { attwProblems, publintMessages } from "./lint.ts";
import { expectedOfHost, runHost } from "./embedded.ts";
import { cjsProgram, copiesProgram, esmProgram, expectedOutput } from "./programs.ts";
import { runCommand, serveAndWalk } from "./served.ts";
import { compile, settings, writeTypedSources } from "./types.ts";

const names = published.map(({ name }) => name);
let project: Project;
beforeAll(async () => {
  project = await projectFromTarballs();
}, 180_000);
afterAll(() => project.remove());

const tarball = (name: string) => project.tarballs.find((one) => one.name === name)!;
const installed = (name: string, file: string): string => join(installedFolder(project.folder, name), file);
type Installed = {
  private?: boolean;
  exports: Record<string, unknown>;
  dependencies: Record<string, string>;
  engines: { node: string };
  sideEffects: boolean | string[];
};
const manifestOf = (name: string): Installed =>
  JSON.parse(readFileSync(installed(name, "package.json"), "utf8")) as Installed;

describe.each(names)("the tarball of %s", (name) => {
  test("holds code, declarations, source maps, sources, README and license, and no test", () => {
    const { files } = tarball(name);
    expect(files).toEqual(expect.arrayContaining(["LICENSE", "README.md", "package.json"]));
    const known = /^(?:esm|cjs)\/.*\.(?:js|mjs|d\.ts)(?:\.map)?$|^src\/.*\.m?[jt]s$|\/assets\/|\/?package\.json$/;
    expect(files.filter((file) => !known.test(file) && !/^(?:LICENSE|README\.md)$/.test(file))).toEqual([]);
    expect(files.filter((file) => /\.test\./.test(file))).toEqual([]);
  });

  test("every source map leads to a source that is in it", () => {
    const maps = tarball(name).files.filter((file) => file.endsWith(".map"));
    expect(maps.length).toBeGreaterThan(0);
    const astray = maps.filter((file) => {
      const { sources } = JSON.parse(readFileSync(installed(name, file), "utf8")) as { sources: string[] };
      return sources.some((source) => !existsSync(join(dirname(installed(name, file)), source)));
    });
    expect(astray).toEqual([]);
  });

  test("every file that its exports name is in it", () => {
    const filesOf = (entry: unknown): string[] =>
      typeof entry === "string" ? [entry] : Object.values(entry as object).flatMap(filesOf);
    const files = filesOf(manifestOf(name).exports);
    expect(files.length).toBeGreaterThan(1);
    expect(files.filter((file) => !existsSync(installed(name, file)))).toEqual([]);
  });

  test("no file imports a package that is not published, and no declaration names a .ts file", () => {
    const code = tarball(name).files.filter((file) => /\.(?:js|mjs|d\.ts)$/.test(file));
    const text = (file: string): string => readFileSync(installed(name, file), "utf8");
    const unpublished = /["']@symbolon\/(?:server|store-sqlite|portal|html|durable-files|testing)\b/;
    expect(code.filter((file) => unpublished.test(text(file)))).toEqual([]);
    expect(code.filter((file) => /from "\.[^"]*\.ts"/.test(text(file)))).toEqual([]);
  });

  test("says what it runs on, and that importing it does nothing", () => {
    expect(manifestOf(name).engines.node).toBe(name === "symbolon" ? "^24.18.1 || >=26.5.1" : ">=20");
    expect(manifestOf(name).sideEffects).toEqual(name === "symbolon" ? expect.any(Array) : false);
  });

  test("publint finds nothing", async () => expect(await publintMessages(tarball(name))).toEqual([]));
  test("attw finds nothing", async () => expect(await attwProblems(tarball(name))).toBe(""));
});

test("client and protocol need nothing of other people", () => {
  expect(Object.keys(manifestOf("protocol").dependencies)).toEqual([]);
  expect(Object.keys(manifestOf("client").dependencies)).toEqual(["@symbolon/protocol"]);
});

describe("a strict TypeScript project compiles against them, declarations included", () => {
  beforeAll(() => writeTypedSources(project.folder));
  test.each(settings)("$title", async (setting) => expect(await compile(project.folder, setting)).toBe(""));
  test("a mistake is found", async () => {
    writeTypedSources(project.folder, "scoop");
    expect(await compile(project.folder, settings[0]!)).toContain("scoop");
  });
});

describe.each(programs.filter(({ title }) => title === "Node 20" || title === "Node 24"))("$title", ({ path }) => {
  const run = async (file: string, text: string): Promise<unknown> => {
    writeFileSync(join(project.folder, file), text);
    const { stdout } = await promisify(execFile)(await path(), [join(project.folder, file)], { cwd: project.folder });
    return JSON.parse(stdout) as unknown;
  };
  test(
    "imports them from an ES module",
    async () => expect(await run("use.mjs", esmProgram)).toEqual(expectedOutput),
    300_000,
  );
  test("requires them from CommonJS", async () => expect(await run("use.cjs", cjsProgram)).toEqual(expectedOutput));
  test("has one copy of each for import and require", async () =>
    expect(await run("copies.mjs", copiesProgram)).toEqual([]));
});

const nodeOf = (title: string): Promise<string> => programs.find((one) => one.title === title)!.path();

test.each(["mjs", "cjs"] as const)("a host application runs the server, as %s on Node 24", async (format) => {
  expect(await runHost(await nodeOf("Node 24"), project.folder, format)).toEqual(expectedOfHost);
});

describe("the command, from its tarball", () => {
  test("serves on Node 24, shows its pages, and the demo walks through", async () => {
    const { health, page, demo, exitCode } = await serveAndWalk(await nodeOf("Node 24"), project.folder);
    expect(health).toBe(200);
    expect(page).toContain("Symbolon");
    expect(demo).toMatchObject({ code: 0 });
    expect(exitCode).toBe(0);
  }, 60_000);

  test("says what to do on Node 20", async () => {
    const { code, stderr } = await runCommand(await nodeOf("Node 20"), project.folder, "serve", "--dev");
    expect(code).toBe(2);
    expect(stderr).toContain("symbolon needs Node 24.18.1 or newer, and this is Node 20.");
    expect(stderr).toContain("npx -p node@24 -p symbolon symbolon …");
  }, 300_000);
});

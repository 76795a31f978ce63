import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { programs } from "../runtimes/programs.ts";
import { buildPackages, published } from "../../scripts/bundle/packages.ts";

const root = join(import.meta.dirname, "../..");
const run = promisify(execFile);
let folder: string;
const project = (): string => join(folder, "project");

/** A project of somebody who installed them from their tarballs; nothing of the repository is near it. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "symbolon-packed-"));
  await buildPackages(join(folder, "dist"));
  mkdirSync(join(project(), "node_modules", "@symbolon"), { recursive: true });
  writeFileSync(join(project(), "package.json"), JSON.stringify({ name: "plain-project", type: "module" }));
  for (const name of published) {
    const { stdout } = await run("npm", ["pack", "--json", "--pack-destination", folder, join(folder, "dist", name)], {
      cwd: folder,
    });
    const [packed] = Object.values(JSON.parse(stdout) as Record<string, { filename: string }>);
    const target = join(project(), "node_modules", "@symbolon", name);
    mkdirSync(target);
    await run("tar", ["-xzf", join(folder, packed!.filename), "-C", target, "--strip-components=1"]);
  }
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const installed = (name: string, file: string): string => join(project(), "node_modules", "@symbolon", name, file);

describe("the packages as they are published", () => {
  test("each holds JavaScript, declarations and the licence, and no TypeScript, test or contract suite", async () => {
    for (const name of published) {
      const { stdout } = await run("find", [join(project(), "node_modules/@symbolon", name), "-type", "f"]);
      const files = stdout.trim().split("\n");
      expect(files.some((file) => file.endsWith("/LICENSE"))).toBe(true);
      expect(
        files.filter(
          (file) =>
            !/\.d\.ts$|\.js$|\/(?:LICENSE|README\.md|package\.json)$/.test(file) || /\.test\.|-contract\./.test(file),
        ),
      ).toEqual([]);
    }
  });

  test("every entry that package.json names is there, as code and as types", () => {
    for (const name of published) {
      const { exports } = JSON.parse(readFileSync(installed(name, "package.json"), "utf8")) as {
        exports: Record<string, Record<string, string>>;
      };
      const named = Object.values(exports).flatMap((entry) => Object.values(entry));
      expect(named.length).toBeGreaterThan(0);
      expect(named.filter((file) => !existsSync(installed(name, file)))).toEqual([]);
    }
  });

  test("client and protocol depend on nothing of anybody else's", () => {
    const dependencies = (name: string) =>
      Object.keys(
        (JSON.parse(readFileSync(installed(name, "package.json"), "utf8")) as { dependencies?: object }).dependencies ??
          {},
      );
    expect(dependencies("protocol")).toEqual([]);
    expect(dependencies("client")).toEqual(["@symbolon/protocol"]);
  });

  test("a plain project imports them, under Node 20 as under 24", async () => {
    writeFileSync(
      join(project(), "use.js"),
      `
      import { createGusto } from "@symbolon/client";
      import { memoryStore } from "@symbolon/client/keeper";
      import { openFilesKeeperStore } from "@symbolon/keeper-stores/files";
      import { emulator } from "@symbolon/emulator";
      const store = memoryStore();
      const revision = await store.write("a", 0, "b");
      const error = await createGusto({ env: {} }).introspection.getInfo().catch((error) => error);
      const provider = await emulator({ profile: "gusto" });
      const { accessToken } = provider.control.consent();
      const info = await createGusto({ baseUrl: provider.url, companyAccessAuth: accessToken, env: {} }).introspection.getInfo();
      await provider.close();
      console.log(JSON.stringify([revision, error.code, error.field, typeof openFilesKeeperStore, info.resource.type]));
    `,
    );
    for (const { path } of programs.filter(({ title }) => title === "Node 20" || title === "Node 24")) {
      const { stdout } = await run(await path(), [join(project(), "use.js")], { cwd: project() });
      expect(JSON.parse(stdout)).toEqual([1, "invalid_request", "accessToken", "function", "Company"]);
    }
  }, 300_000);

  test("its compiler reads their types, in the strictest mode, and finds a mistake", async () => {
    const check = async (source: string): Promise<string> => {
      writeFileSync(join(project(), "use.ts"), source);
      const flags = [
        "--noEmit",
        "--strict",
        "--module",
        "nodenext",
        "--target",
        "es2022",
        "--lib",
        "es2024,dom,dom.iterable,esnext.disposable",
        "--types",
        "",
      ];
      return run(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), ...flags, "use.ts"], {
        cwd: project(),
      }).then(
        () => "",
        ({ stdout }: { stdout: string }) => stdout,
      );
    };
    const use = (
      field: string,
    ) => `import { createGusto } from "@symbolon/client"; import type { KeeperStore } from "@symbolon/client/keeper";
      export const ask = async (store: KeeperStore): Promise<number | undefined> => store.write("a", 0, String((await createGusto().introspection.getInfo()).${field}));`;
    expect(await check(use("scope"))).toBe("");
    expect(await check(use("scoop"))).toContain("scoop");
  });
});

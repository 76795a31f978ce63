import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { launchBrowser } from "@symbolon/portal/browser";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { programs } from "./programs.ts";
import { startLoopback, type Loopback } from "./provider.ts";
import { suite, type Finding } from "./suite/run.ts";

const names = suite.map(({ name }) => name);
const installMs = 300_000;
const folder = mkdtempSync(join(tmpdir(), "symbolon-runtimes-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Bundles for browsers, as an application would; a `node:` import fails the build. */
async function bundled(entry: "program" | "page"): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, "suite", `${entry}.ts`)],
    bundle: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    write: false,
  });
  return outputFiles[0]!.text;
}

type SuiteGlobal = { runSuite(url: string): Promise<Finding[]> };

/** Makes a test of each case of the suite; a case that did not run fails. */
function expectAll(findings: () => readonly Finding[]): void {
  test.for(names)("%s", (name) => expect(findings().find((finding) => finding.name === name)).toEqual({ name }));
}

describe.each(programs)("$title", ({ path, run, version }) => {
  let findings: readonly Finding[] = [];
  let found = "";
  let provider: Loopback;
  afterAll(() => provider.stop());
  beforeAll(async () => {
    provider = await startLoopback();
    const program = await path();
    const home = mkdtempSync(join(folder, "home-"));
    // The environment of the test run is not passed on, and caches are deleted with the folder.
    const options = {
      cwd: home,
      env: { HOME: home, DENO_DIR: home, DENO_NO_UPDATE_CHECK: "1", NO_COLOR: "1" },
      timeout: 60_000,
    };
    found = (await promisify(execFile)(program, ["--version"], options)).stdout;
    const file = join(home, "program.mjs");
    writeFileSync(file, await bundled("program"));
    const { stdout } = await promisify(execFile)(program, [...run, file, provider.url], options);
    findings = JSON.parse(stdout) as Finding[];
  }, installMs);

  test("has the expected version", () => expect(found).toMatch(version));
  expectAll(() => findings);
});

describe("Chromium", () => {
  let findings: readonly Finding[] = [];
  const uncaughtErrors: string[] = [];
  let provider: Loopback;
  afterAll(() => provider.stop());
  beforeAll(async () => {
    provider = await startLoopback();
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage();
      page.on("pageerror", (error) => uncaughtErrors.push(error.message));
      await page.route(`${provider.url}/page`, (route) =>
        route.fulfill({ contentType: "text/html", body: "<!doctype html><title>suite</title>" }),
      );
      await page.goto(`${provider.url}/page`);
      await page.addScriptTag({ content: await bundled("page"), type: "module" });
      await page.waitForFunction("globalThis.runSuite !== undefined");
      findings = await page.evaluate(
        (url) => (globalThis as typeof globalThis & SuiteGlobal).runSuite(url),
        provider.url,
      );
    } finally {
      await browser.close();
    }
  }, installMs);

  test("throws no uncaught error", () => expect(uncaughtErrors).toEqual([]));
  expectAll(() => findings);
});

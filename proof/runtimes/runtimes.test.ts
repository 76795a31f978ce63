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

/** As an application's own bundler does it; a `node:` import would fail here. */
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

/** Every case of the suite has its own line, and one that did not run has failed. */
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
    // Nothing of the environment of whoever runs the tests; what these programs cache goes away with the folder.
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

  test("is what its name says", () => expect(found).toMatch(version));
  expectAll(() => findings);
});

describe("Chromium", () => {
  let findings: readonly Finding[] = [];
  const complaints: string[] = [];
  let provider: Loopback;
  afterAll(() => provider.stop());
  beforeAll(async () => {
    provider = await startLoopback();
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage();
      page.on("pageerror", (error) => complaints.push(error.message));
      await page.route(`${provider.url}/page`, (route) =>
        route.fulfill({ contentType: "text/html", body: "<!doctype html><title>suite</title>" }),
      );
      await page.goto(`${provider.url}/page`);
      await page.addScriptTag({ content: await bundled("page"), type: "module" });
      await page.waitForFunction("globalThis.runSuite !== undefined");
      findings = await page.evaluate(
        (url) => (globalThis as unknown as { runSuite(url: string): Promise<Finding[]> }).runSuite(url),
        provider.url,
      );
    } finally {
      await browser.close();
    }
  }, installMs);

  test("nothing is thrown astray", () => expect(complaints).toEqual([]));
  expectAll(() => findings);
});

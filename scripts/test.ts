import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { addCounts, countVitest, noCounts, oneCheck, closingLine, type Counts } from "./test-counts.ts";

/**
 * `npm test`: types, lint, house rules, clauses, then vitest; each check counts as one test. The last line is always `N
 * passed, N failed, N skipped`, and the exit code is 1 where anything failed or nothing ran. Arguments go to vitest.
 */
const root = join(import.meta.dirname, "..");
const bin = join(root, "node_modules", ".bin");
const env = { ...process.env, REDOCLY_TELEMETRY: "off", PATH: `${bin}${delimiter}${process.env["PATH"] ?? ""}` };
const node = process.execPath;

const checks: readonly [name: string, command: string, ...args: string[]][] = [
  ["types", join(bin, "tsc"), "--noEmit"],
  ["format", join(bin, "oxfmt"), "--check"],
  ["lint", join(bin, "oxlint"), "--deny-warnings"],
  ["house rules", node, "scripts/check-house.ts"],
  ["clauses", node, "scripts/clauses.ts", "--check"],
  ["attacks", node, "scripts/attacks.ts", "--check"],
  ["schemas", node, "scripts/schemas.ts"],
  ["API reference", node, "scripts/api.ts", "--check"],
  ["OpenAPI document", node, "scripts/openapi.ts", "--check"],
  ["lint of the OpenAPI document", join(bin, "redocly"), "lint", "docs/api/admin-openapi.json"],
  ["table of endpoints", node, "scripts/routes.ts", "--check"],
  ["quoted examples", node, "scripts/embed-examples.ts", "--check"],
];

type Outcome = { ok: boolean; output: string };

/** Runs a command without a stdin; its output is passed through or kept. */
function run(command: string, args: readonly string[], output: "show" | "keep"): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      env,
      stdio: ["ignore", output === "show" ? "inherit" : "pipe", output === "show" ? "inherit" : "pipe"],
    });
    let kept = "";
    child.stdout?.on("data", (chunk: Buffer) => (kept += chunk.toString()));
    child.stderr?.on("data", (chunk: Buffer) => (kept += chunk.toString()));
    child.on("error", (error) => resolve({ ok: false, output: `${kept}${error.message}` }));
    child.on("close", (code) => resolve({ ok: code === 0, output: kept }));
  });
}

async function runCheck([name, command, ...args]: (typeof checks)[number]): Promise<Counts> {
  const startedAt = Date.now();
  const { ok, output } = await run(command, args, "keep");
  console.log(`${ok ? "✓" : "✗"} ${name} (${((Date.now() - startedAt) / 1000).toFixed(1)} s)`);
  if (!ok) console.log(output.trimEnd());
  return oneCheck(ok);
}

async function runVitest(args: readonly string[]): Promise<Counts> {
  const folder = mkdtempSync(join(tmpdir(), "symbolon-test-"));
  const report = join(folder, "report.json");
  try {
    const { ok } = await run(
      join(bin, "vitest"),
      ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`, ...args],
      "show",
    );
    const counts = countVitest(readReport(report), ok);
    if (args.length > 0) return counts;
    return addCounts(counts, await runCheck(["attacks, as they ran", node, "scripts/attacks.ts", "--report", report]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readReport(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

let counts = noCounts;
for (const check of checks) counts = addCounts(counts, await runCheck(check));
const tests = await runVitest(process.argv.slice(2));
counts = addCounts(counts, tests);
process.exitCode = counts.failed > 0 || tests.passed === 0 ? 1 : 0;
console.log(closingLine(counts));

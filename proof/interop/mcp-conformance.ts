import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** One line of a scenario's checks.json. */
export type Check = {
  id: string;
  status: "SUCCESS" | "FAILURE" | "WARNING" | "SKIPPED" | "INFO";
  errorMessage?: string;
};

export type ConformanceRun = {
  exitCode: number | null;
  output: string;
  /** The results that the program saved, by scenario. */
  saved: Readonly<Record<string, readonly Check[]>>;
};

/** The flags of the program, by name. */
export type ConformanceFlags = { url: string; "client-id": string; port: number; resource?: string };

const program = join(
  createRequire(import.meta.url).resolve("@modelcontextprotocol/conformance/package.json"),
  "../dist/index.js",
);

/**
 * Runs `conformance authorization` with all its scenarios. The program prints a URL for the user to open and waits for
 * the browser at its callback; `person` gets that URL and must lead the browser there.
 */
export async function runConformance(
  flags: ConformanceFlags,
  person: (authorizationUrl: URL) => Promise<void>,
): Promise<ConformanceRun> {
  const results = mkdtempSync(join(tmpdir(), "symbolon-mcp-"));
  const args = Object.entries({ ...flags, "output-dir": results }).flatMap(([name, value]) => [
    `--${name}`,
    String(value),
  ]);
  const child = spawn(process.execPath, [program, "authorization", ...args], {
    env: { PATH: process.env["PATH"] },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const orphaned = () => child.kill("SIGKILL");
  process.once("exit", orphaned);
  try {
    const ended = once(child, "close");
    const output: string[] = [];
    const opened: Promise<void>[] = [];
    createInterface(child.stderr).on("line", (line) => output.push(line));
    createInterface(child.stdout).on("line", (line) => {
      output.push(line);
      if (line.startsWith(`${flags.url}/`)) opened.push(person(new URL(line)));
      opened.at(-1)?.catch(orphaned);
    });
    await ended;
    await Promise.all(opened);
    return { exitCode: child.exitCode, output: output.join("\n"), saved: readResults(results) };
  } finally {
    orphaned();
    process.removeListener("exit", orphaned);
    rmSync(results, { recursive: true, force: true });
  }
}

/** A folder per scenario, named `authorization-server-<scenario>-<time>`. */
function readResults(folder: string): Record<string, Check[]> {
  return Object.fromEntries(
    readdirSync(folder).map((name) => [
      name.replace(/^authorization-server-/, "").replace(/-\d{4}-\d\d-\d\dT.*$/, ""),
      JSON.parse(readFileSync(join(folder, name, "checks.json"), "utf8")) as Check[],
    ]),
  );
}

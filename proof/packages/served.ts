import { execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

/** The command of an installed package, as npm links it into `.bin`. */
export const commandOf = (project: string): string => join(project, "node_modules/symbolon/esm/main.mjs");

/** What a Node says of the command: its exit code and both outputs. */
export async function runCommand(
  node: string,
  project: string,
  ...args: string[]
): Promise<{ code: number; stdout: string; stderr: string }> {
  return promisify(execFile)(node, [commandOf(project), ...args], { cwd: project }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({ code, stdout, stderr }),
  );
}

/**
 * Starts `symbolon serve --dev` on a free port, asks for its health and a page, walks through `symbolon demo` against
 * it, and stops it. Answers what was seen.
 */
export async function serveAndWalk(
  node: string,
  project: string,
): Promise<{ health: number; page: string; demo: { code: number; stdout: string }; exitCode: number | null }> {
  const data = mkdtempSync(join(project, "data-"));
  const port = String(20_000 + (process.pid % 20_000));
  const url = `http://localhost:${port}`;
  const server = spawn(node, [commandOf(project), "serve", "--dev", "--port", port, "--data", data], { cwd: project });
  const ended = new Promise<number | null>((resolve) => server.once("close", resolve));
  const output: string[] = [];
  for (const stream of [server.stdout, server.stderr]) stream.on("data", (chunk: Buffer) => output.push(String(chunk)));
  try {
    await Promise.race([
      untilReady(url),
      ended.then((code) => Promise.reject(new Error(`The server ended with ${code}: ${output.join("")}`))),
    ]);
    const health = (await fetch(`${url}/health`)).status;
    const page = await (await fetch(url)).text();
    const demo = await runCommand(node, project, "demo", "--url", url);
    server.kill("SIGTERM");
    return { health, page, demo, exitCode: await ended };
  } finally {
    server.kill("SIGKILL");
    await ended;
    rmSync(data, { recursive: true, force: true });
  }
}

async function untilReady(url: string): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    const isReady = await fetch(`${url}/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${url} was not ready within 30 s`);
}

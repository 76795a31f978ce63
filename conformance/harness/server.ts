import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { Agent } from "node:http";
import { createServer, type AddressInfo } from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { DataDirectory } from "./data-directory.ts";
import { sendTo, type Send } from "./send.ts";

/** A real `symbolon serve` process, listening on the loopback address. */
export type ServerProcess = {
  url: string;
  port: number;
  issuer: string;
  send: Send;
  /** What it logged so far, one object per event. */
  events: readonly LoggedEvent[];
  /** SIGKILL: no goodbye, nothing flushed. */
  kill(): Promise<void>;
  /** SIGTERM; answers the exit code. */
  stop(): Promise<number | null>;
};

export type LoggedEvent = { level: string; name: string; reason?: string; because?: string; cause?: string };

const program = fileURLToPath(new URL("../../apps/symbolon/src/main.mjs", import.meta.url));
const configuration = fileURLToPath(new URL("symbolon.config.ts", import.meta.url));

/**
 * Starts a server on a data directory and resolves when it is ready. Several may share the directory: give the second the
 * `issuer` of the first. A `port` that was free a moment ago may be taken; without a given one, another is tried.
 */
export async function startServer(data: DataDirectory, given: { issuer?: string; port?: number } = {}): Promise<ServerProcess> {
  for (let attempt = 1; ; attempt++) {
    const port = given.port ?? (await freePort());
    const issuer = given.issuer ?? `http://127.0.0.1:${port}`;
    const where = ["--host", "127.0.0.1", "--port", String(port), "--issuer", issuer, "--data", data.path, "--config", configuration];
    const env = { PATH: process.env["PATH"], SYMBOLON_KEYRING: data.keyringText, SYMBOLON_HOSTS: `127.0.0.1:${port}` };
    const child = spawn(process.execPath, [program, "serve", "--dev", "--json", ...where], { env, stdio: ["ignore", "pipe", "pipe"] });
    const complaints: string[] = [];
    const events: LoggedEvent[] = [];
    createInterface(child.stderr).on("line", (line) => (line.startsWith("{") ? events.push(JSON.parse(line)) : complaints.push(line)));
    if (await isReady(child)) return running(child, { port, issuer, events });
    const said = complaints.join("\n");
    if (given.port !== undefined || attempt === 5 || !said.includes("is in use")) throw new Error(`The server did not start:\n${said}`);
  }
}

/** Two servers on one data directory, under one issuer: what a deployment with two processes is. */
export async function startTwoServers(data: DataDirectory): Promise<[ServerProcess, ServerProcess]> {
  const first = await startServer(data);
  return [first, await startServer(data, { issuer: first.issuer })];
}

function running(child: ChildProcess, { port, issuer, events }: { port: number; issuer: string; events: LoggedEvent[] }): ServerProcess {
  const url = `http://127.0.0.1:${port}`;
  const agent = new Agent({ keepAlive: true });
  const orphaned = () => child.kill("SIGKILL");
  process.once("exit", orphaned);
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = once(child, "exit");
      child.kill(signal);
      await ended;
    }
    agent.destroy();
    process.removeListener("exit", orphaned);
    return child.exitCode;
  };
  return { url, port, issuer, events, send: sendTo(url, agent), kill: async () => void (await end("SIGKILL")), stop: () => end("SIGTERM") };
}

/** The server's first line on stdout says that it listens; a process that ends before has none. */
async function isReady({ stdout }: ChildProcess): Promise<boolean> {
  for await (const line of createInterface(stdout!)) return (JSON.parse(line) as { ready?: boolean }).ready === true;
  return false;
}

/** A loopback port that nothing listens on at this moment. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}

import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { Agent } from "node:http";
import { createServer, type AddressInfo } from "node:net";
import { devNull } from "node:os";
import { join } from "node:path";
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
  pid: number;
  /** What it logged so far, one object per event; of a quiet one, the events of level error. */
  events: readonly LoggedEvent[];
  /** Resolves when the process has ended. */
  ended: Promise<void>;
  /** Sends SIGKILL: the process flushes nothing. */
  kill(): Promise<void>;
  /** Sends SIGTERM; returns the exit code. */
  stop(): Promise<number | null>;
};

export type LoggedEvent = { level: string; name: string; reason?: string; because?: string; cause?: string };

const program = fileURLToPath(new URL("../../apps/symbolon/src/main.mjs", import.meta.url));
const configuration = fileURLToPath(new URL("symbolon.config.ts", import.meta.url));

export type ServerOptions = {
  issuer?: string;
  port?: number;
  /** Logs to a file in the data directory, for load tests; `mute`: does not log. */
  quiet?: boolean | "mute";
  /** A program that runs the server, such as strace, with its options. */
  under?: readonly string[];
  /** Another entry than the command's own. */
  program?: string;
  /** For a `program` that begins when a line comes in: when that is. */
  begin?: Promise<void>;
  env?: Readonly<Record<string, string>>;
};

/**
 * Starts a server on a data directory and resolves when it is ready. Several may share the directory: give the second
 * the `issuer` of the first. A `port` that was free a moment ago may be taken; without a given one, another is tried.
 */
export async function startServer(data: DataDirectory, given: ServerOptions = {}): Promise<ServerProcess> {
  for (let attempt = 1; ; attempt++) {
    const port = given.port ?? (await freePort());
    const issuer = given.issuer ?? `http://127.0.0.1:${port}`;
    const { args: own, env } = commandLine(data, { ...given, port, issuer });
    const [file, ...args] = [...(given.under ?? []), process.execPath, ...own];
    const logFile =
      given.quiet === "mute" ? devNull : given.quiet === true ? join(data.path, `log-${port}.ndjson`) : undefined;
    const log = logFile === undefined ? "pipe" : openSync(logFile, "a", 0o600);
    const child = spawn(file!, args, { env, stdio: [given.begin === undefined ? "ignore" : "pipe", "pipe", log] });
    if (typeof log === "number") closeSync(log);
    child.stdin?.on("error", () => {});
    void given.begin?.then(() => child.stdin?.end("begin\n"));
    const complaints: string[] = [];
    const events: LoggedEvent[] = [];
    if (child.stderr !== null)
      createInterface(child.stderr).on("line", (line) =>
        line.startsWith("{") ? events.push(JSON.parse(line)) : complaints.push(line),
      );
    const logged = () => (logFile === undefined ? events : errorsIn(logFile));
    if (await isReady(child)) return running(child, { port, issuer, logged });
    const said = logFile === undefined ? complaints.join("\n") : readFileSync(logFile, "utf8").slice(-2000);
    if (given.port !== undefined || attempt === 5 || !said.includes("is in use"))
      throw new Error(`The server did not start:\n${said}`);
  }
}

/** How Node is told to run it. */
export function commandLine(
  data: DataDirectory,
  given: ServerOptions & { port: number; issuer: string },
): { args: string[]; env: NodeJS.ProcessEnv } {
  const { port, issuer } = given;
  const where = [
    "--host",
    "127.0.0.1",
    "--port",
    String(port),
    "--issuer",
    issuer,
    "--data",
    data.path,
    "--config",
    configuration,
  ];
  const env = {
    PATH: process.env["PATH"],
    SYMBOLON_KEYRING: data.keyringText,
    SYMBOLON_HOSTS: `127.0.0.1:${port}`,
    ...given.env,
  };
  return { args: [given.program ?? program, "serve", "--dev", "--json", ...where], env };
}

/** What an operator does with a restored backup whose grants are to go on: `symbolon restore --keep-grants`. */
export function acceptRestored(data: DataDirectory): void {
  const env = { PATH: process.env["PATH"], SYMBOLON_KEYRING: data.keyringText };
  const { status, stderr } = spawnSync(process.execPath, [program, "restore", "--keep-grants", "--data", data.path], {
    env,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
}

const errorsIn = (logFile: string): LoggedEvent[] =>
  readFileSync(logFile, "utf8")
    .split("\n")
    .filter((line) => line.includes('"level":"error"'))
    .map((line) => JSON.parse(line) as LoggedEvent);

/** Two servers on one data directory, under one issuer: what a deployment with two processes is. */
export async function startTwoServers(
  data: DataDirectory,
  options: Pick<ServerOptions, "quiet"> = {},
): Promise<[ServerProcess, ServerProcess]> {
  const first = await startServer(data, options);
  return [first, await startServer(data, { ...options, issuer: first.issuer })];
}

function running(
  child: ChildProcess,
  { port, issuer, logged }: { port: number; issuer: string; logged: () => LoggedEvent[] },
): ServerProcess {
  const url = `http://127.0.0.1:${port}`;
  const agent = new Agent({ keepAlive: true });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const orphaned = () => child.kill("SIGKILL");
  process.once("exit", orphaned);
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill(signal);
      await ended;
    }
    agent.destroy();
    process.removeListener("exit", orphaned);
    return child.exitCode;
  };
  return {
    url,
    port,
    issuer,
    pid: child.pid!,
    ended,
    get events() {
      return logged();
    },
    send: sendTo(url, agent),
    kill: async () => void (await end("SIGKILL")),
    stop: () => end("SIGTERM"),
  };
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

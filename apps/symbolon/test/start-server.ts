import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The command as npm links it, run by the Node that runs the tests. */
export const symbolonPath = join(import.meta.dirname, "../src/main.mjs");

const children = new Set<ChildProcess>();
const directories = new Set<string>();

/**
 * A test that fails leaves its servers behind; they go when the process of the tests goes, which a test runner ends by
 * SIGTERM.
 */
function cleanUp(): void {
  for (const child of children) child.kill("SIGKILL");
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
}
process.once("exit", cleanUp);
process.once("SIGTERM", () => process.exit(143));

/** A directory of mode 0700 that goes away with the test process. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "symbolon-"));
  directories.add(directory);
  return directory;
}

export type RunOptions = {
  input?: string;
  data?: string;
  env?: Record<string, string>;
  cwd?: string;
  nodeFlags?: readonly string[];
};
export type RunResult = { code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string };

/** Runs the command to its end. `data` adds `--data`; stdin is `input`, or empty. */
export async function runSymbolon(args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const child = spawnSymbolon(args, options);
  const output = collect(child);
  child.stdin!.on("error", () => {});
  child.stdin!.end(options.input ?? "");
  const { code, signal } = await ended(child);
  return { code, signal, stdout: output.stdout(), stderr: output.stderr() };
}

/** Runs the command with --json and answers what it printed; throws if it failed, with what it said. */
export async function runJson<T>(args: readonly string[], options: RunOptions = {}): Promise<T> {
  const { code, stdout, stderr } = await runSymbolon([...args, "--json"], options);
  if (code !== 0) throw new Error(`symbolon ${args.join(" ")} ended with ${code}: ${stderr}`);
  return JSON.parse(stdout) as T;
}

export type DemoCredentials = {
  client_id: string;
  client_secret: string;
  redirect_uri: string;
  email: string;
  password: string;
};

export type RunningServer = {
  url: string;
  port: number;
  data: string;
  /** The credentials that a first start prints; null on a later one. */
  demo: DemoCredentials | null;
  /** SIGTERM; answers how the process ended. */
  stop(): Promise<RunResult>;
  /** SIGINT, as Ctrl-C sends it. */
  interrupt(): Promise<RunResult>;
  /** SIGKILL. */
  kill(): Promise<RunResult>;
  /** The event log so far: stderr. */
  log(): string;
};

/**
 * `args` come after `serve --dev`; `dev: false` leaves --dev out. Without `data` the server gets a fresh directory,
 * without `port` a free one.
 */
export type ServerOptions = {
  dev?: boolean;
  data?: string;
  port?: number;
  args?: readonly string[];
  env?: Record<string, string>;
  cwd?: string;
  nodeFlags?: readonly string[];
};

/** A real `symbolon serve --dev`, ready to answer. */
export async function startServer(options: ServerOptions = {}): Promise<RunningServer> {
  const data = options.data ?? join(temporaryDirectory(), "data");
  for (let attempt = 1; ; attempt++) {
    const port = options.port ?? (await freePort());
    const child = spawnSymbolon(
      ["serve", ...(options.dev === false ? [] : ["--dev"]), "--json", "--port", String(port), ...(options.args ?? [])],
      { ...options, data },
    );
    const output = collect(child);
    const end = ended(child);
    const line = await Promise.race([output.firstLine, end.then(() => undefined)]);
    if (line === undefined) {
      // Another process took the port between our look and the server's.
      if (options.port === undefined && attempt < 5 && output.stderr().includes("is in use")) continue;
      throw new Error(`The server ended before it was ready: ${output.stderr()}`);
    }
    const { demo } = JSON.parse(line) as { demo: DemoCredentials | null };
    const signalled = async (signal: NodeJS.Signals): Promise<RunResult> => {
      child.kill(signal);
      return { ...(await end), stdout: output.stdout(), stderr: output.stderr() };
    };
    return {
      url: `http://localhost:${port}`,
      port,
      data,
      demo,
      stop: () => signalled("SIGTERM"),
      interrupt: () => signalled("SIGINT"),
      kill: () => signalled("SIGKILL"),
      log: output.stderr,
    };
  }
}

function spawnSymbolon(args: readonly string[], { data, env, cwd, nodeFlags = [] }: RunOptions): ChildProcess {
  const where = data === undefined ? [] : ["--data", data];
  const child = spawn(process.execPath, [...nodeFlags, symbolonPath, ...args, ...where], {
    cwd: cwd ?? tmpdir(),
    env: { ...cleanEnvironment(), ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  children.add(child);
  child.once("close", () => children.delete(child));
  return child;
}

/** Without the settings of the machine that runs the tests. */
const cleanEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !name.startsWith("SYMBOLON_") && name !== "FORCE_COLOR" && name !== "NODE_OPTIONS",
    ),
  );

function collect(child: ChildProcess): { stdout(): string; stderr(): string; firstLine: Promise<string> } {
  let [stdout, stderr] = ["", ""];
  child.stderr!.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
  const firstLine = new Promise<string>((resolve) => {
    child.stdout!.setEncoding("utf8").on("data", (chunk: string) => {
      stdout += chunk;
      const end = stdout.indexOf("\n");
      if (end >= 0) resolve(stdout.slice(0, end));
    });
  });
  return { stdout: () => stdout, stderr: () => stderr, firstLine };
}

const ended = (child: ChildProcess): Promise<{ code: number | null; signal: NodeJS.Signals | null }> =>
  new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ code, signal }));
  });

/** A port that nothing listens on at this moment. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { pinned } from "./cores.ts";
import type { Told } from "./servers/report-to-parent.ts";

/** oidc-provider fills its memory before it listens. */
const startPatienceMs = 180_000;

export type Usage = { cpuMicros: number; peakBytes: number; residentBytes: number };

/** A contender's server: a child process that listens on a port of its own choice and says what it uses. */
export class ServerProcess {
  readonly port: number;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
  }

  /** `profile`: a directory for its CPU profile, written when it stops. */
  static async start(
    script: string,
    args: readonly string[],
    core: number | undefined,
    profile: string | undefined,
  ): Promise<ServerProcess> {
    const profiling = profile === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${profile}`];
    const [command = "", ...rest] = pinned(core, [process.execPath, ...profiling, script, ...args]);
    const child = spawn(command, rest, { stdio: ["ignore", "ignore", "inherit", "ipc"] });
    try {
      const told = await hear(child);
      if (told.kind !== "ready") throw new Error(`${script} did not say its port`);
      return new ServerProcess(child, told.port);
    } catch (error) {
      child.kill();
      throw error;
    }
  }

  /** Since its start. */
  async usage(): Promise<Usage> {
    this.#child.send("usage");
    const told = await hear(this.#child);
    if (told.kind !== "usage") throw new Error("a server did not say what it used");
    return told;
  }

  /** It removes so many ended rows every tenth of a second; 0 for none. */
  sweep(batch: number): void {
    this.#child.send({ sweep: batch });
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, "exit");
    if (this.#child.connected) this.#child.disconnect();
    await Promise.race([ended, pause(5000, undefined, { ref: false }).then(() => this.#child.kill("SIGKILL"))]);
  }
}

async function hear(child: ChildProcess): Promise<Told> {
  const stop = new AbortController();
  const ended = once(child, "exit", stop).then(([code]) =>
    Promise.reject(new Error(`a server ended with code ${String(code)}`)),
  );
  const silent = pause(startPatienceMs, undefined, stop).then(() =>
    Promise.reject(new Error("a server was silent for too long")),
  );
  try {
    const [told] = (await Promise.race([once(child, "message", stop), ended, silent])) as [Told];
    return told;
  } finally {
    for (const loser of [ended, silent]) loser.catch(() => undefined);
    stop.abort();
  }
}

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { pinned } from "./cores.ts";
import type { FromServer } from "./servers/report-to-parent.ts";

/** Long, because oidc-provider fills its memory before it listens. */
const startPatienceMs = 180_000;

export type Usage = { cpuMicros: number; peakBytes: number; residentBytes: number };

/** A contender's server: a child process that chooses its port and reports its use of processor and memory. */
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
      const message = await nextMessage(child);
      if (message.kind !== "ready") throw new Error(`${script} did not report its port`);
      return new ServerProcess(child, message.port);
    } catch (error) {
      child.kill();
      throw error;
    }
  }

  /** Since its start. */
  async usage(): Promise<Usage> {
    this.#child.send("usage");
    const message = await nextMessage(this.#child);
    if (message.kind !== "usage") throw new Error("a server did not report its usage");
    return message;
  }

  /** Removes up to `batch` ended rows every tenth of a second; 0 stops. */
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

async function nextMessage(child: ChildProcess): Promise<FromServer> {
  const stop = new AbortController();
  const ended = once(child, "exit", stop).then(([code]) =>
    Promise.reject(new Error(`a server ended with code ${String(code)}`)),
  );
  const silent = pause(startPatienceMs, undefined, stop).then(() =>
    Promise.reject(new Error("a server was silent for too long")),
  );
  try {
    const [message] = (await Promise.race([once(child, "message", stop), ended, silent])) as [FromServer];
    return message;
  } finally {
    for (const loser of [ended, silent]) loser.catch(() => undefined);
    stop.abort();
  }
}

import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { constants, setPriority, tmpdir } from "node:os";
import { join } from "node:path";
import type { Order, Report, Task } from "./worker-messages.ts";

/** One process, from its start to its end. Times are real, in milliseconds since 1970. */
export type Member = {
  /** `3.2`: the second process in place 3. */
  name: string;
  place: number;
  startedAtMs: number;
  killedAtMs?: number;
  /** Each SIGSTOP, and the SIGCONT that ended it. */
  stops: { fromMs: number; toMs?: number }[];
};

export type Heard = Report & { from: string };

/**
 * Processes that share one store, each started with `worker.ts`. A place is filled again after its process was killed.
 */
export class Crew {
  readonly history: Member[] = [];
  readonly heard: Heard[] = [];
  readonly #task: Task;
  readonly #skewsMs: readonly number[];
  readonly #compiled = mkdtempSync(join(tmpdir(), "symbolon-compiled-"));
  readonly #at = new Map<
    number,
    { member: Member; child: ChildProcess; ended: Promise<void>; recovered: Promise<unknown> }
  >();
  #listeners: ((heard: Heard) => void)[] = [];

  /** `skewsMs[place]`: how wrong the clock of the process in that place is. */
  constructor(task: Task, skewsMs: readonly number[] = []) {
    this.#task = task;
    this.#skewsMs = skewsMs;
    process.once("exit", this.#remove);
  }

  get places(): number[] {
    return [...this.#at.keys()].sort((one, other) => one - other);
  }

  /** Starts a process in that place; resolves when it is ready for orders. */
  async hire(place: number): Promise<Member> {
    const name = `${place}.${this.history.filter((member) => member.place === place).length + 1}`;
    const member: Member = { name, place, startedAtMs: Date.now(), stops: [] };
    const child = spawn(process.execPath, [join(import.meta.dirname, "worker.ts")], {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
      env: { ...process.env, NODE_COMPILE_CACHE: this.#compiled },
    });
    // Provider and database have machines of their own in life: here they go first, or their queues would pass for
    // outages.
    if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
    const ended = new Promise<void>((resolve) =>
      child.once("exit", () => {
        if (this.#at.get(place)?.child === child) this.#at.delete(place);
        this.#hear({ say: "ended", from: name });
        resolve();
      }),
    );
    const recovered = this.next((heard) => heard.from === name && (heard.say === "recovered" || heard.say === "ended"));
    this.history.push(member);
    this.#at.set(place, { member, child, ended, recovered });
    child.on("message", (report: Report) => this.#hear({ ...report, from: name }));
    child.on("error", () => {});
    const ready = this.next((heard) => heard.from === name && (heard.say === "ready" || heard.say === "ended"));
    child.send({ ...this.#task, do: "begin", name, skewMs: this.#skewsMs[place] ?? 0 } satisfies Order);
    await ready;
    return member;
  }

  order(place: number, order: Order): void {
    const child = this.#at.get(place)?.child;
    if (child?.connected === true) child.send(order, () => {});
  }

  /** SIGKILL, at once. */
  async kill(place: number): Promise<void> {
    const found = this.#at.get(place);
    if (found === undefined) return;
    found.member.killedAtMs = Date.now();
    found.child.kill("SIGKILL");
    await found.ended;
  }

  /** SIGSTOP now, SIGCONT after `ms`. */
  async suspend(place: number, ms: number): Promise<void> {
    const found = this.#at.get(place);
    if (found === undefined) return;
    const stop: Member["stops"][number] = { fromMs: Date.now() };
    found.member.stops.push(stop);
    found.child.kill("SIGSTOP");
    await new Promise((resolve) => setTimeout(resolve, ms));
    stop.toMs = Date.now();
    found.child.kill("SIGCONT");
  }

  isSuspended(place: number): boolean {
    const stop = this.#at.get(place)?.member.stops.at(-1);
    return stop !== undefined && stop.toMs === undefined;
  }

  memberAt(place: number): Member | undefined {
    return this.#at.get(place)?.member;
  }

  /** Resolves when every process has finished the recovery at its start. */
  async recovered(): Promise<void> {
    await Promise.all([...this.#at.values()].map(({ recovered }) => recovered));
  }

  /** The next report that `isIt` accepts. */
  next(isIt: (heard: Heard) => boolean): Promise<Heard> {
    return new Promise((resolve) => {
      const listener = (heard: Heard): void => {
        if (!isIt(heard)) return;
        this.#listeners = this.#listeners.filter((one) => one !== listener);
        resolve(heard);
      };
      this.#listeners.push(listener);
    });
  }

  async dismiss(): Promise<void> {
    const all = [...this.#at.values()];
    for (const place of this.places) this.order(place, { do: "leave" });
    const late = setTimeout(() => all.forEach(({ child }) => child.kill("SIGKILL")), 5000);
    await Promise.all(all.map(({ ended }) => ended));
    clearTimeout(late);
    process.removeListener("exit", this.#remove);
    this.#remove();
  }

  /** Processes end by themselves when their parent has exited, but not while they are stopped. */
  readonly #remove = (): void => {
    for (const { child } of this.#at.values()) child.kill("SIGKILL");
    rmSync(this.#compiled, { recursive: true, force: true });
  };

  #hear(heard: Heard): void {
    this.heard.push(heard);
    for (const listener of this.#listeners) listener(heard);
  }
}

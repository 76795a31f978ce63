import type { World } from "@symbolon/client";
import type { Dice, Scheduler } from "@symbolon/testing";

/** `stopped`: as by SIGSTOP, time goes on. `suspended`: the host sleeps, and its monotonic clock with it. */
export type Standstill = "stopped" | "suspended";

/** Milliseconds since 1970 at the beginning of every run. */
const startsAtMs = 1_800_000_000_000;

/**
 * One process of the application. Every promise that it awaits passes `own`: so it may die at any await, and then
 * nothing of that life continues; or stand still, and receive everything afterwards, in any order.
 */
export class VirtualProcess {
  readonly name: string;
  /** How far its wall clock is from the true time. */
  offsetMs: number;
  isUp = true;
  /** Of the present life, the time during which it stood still. */
  stoodStillMs = 0;
  readonly #scheduler: Scheduler;
  readonly #dice: Dice;
  #life = 0;
  #bornAtMs = 0;
  #standstill: { kind: Standstill; sinceMs: number } | undefined;
  #suspendedMs = 0;
  #waiting: (() => void)[] = [];

  constructor(name: string, offsetMs: number, scheduler: Scheduler, dice: Dice) {
    this.name = name;
    this.offsetMs = offsetMs;
    this.#scheduler = scheduler;
    this.#dice = dice;
  }

  get life(): number {
    return this.#life;
  }

  get isStandingStill(): boolean {
    return this.#standstill !== undefined;
  }

  /**
   * `run`, once this process can run it; never, if it has died by then. What still runs of a dead one starts nothing
   * any more.
   */
  own(run: () => void): () => void {
    const life = this.isUp ? this.#life : undefined;
    const deliver = (): void => {
      if (life !== this.#life) return;
      if (this.#standstill === undefined) run();
      else this.#waiting.push(deliver);
    };
    return deliver;
  }

  die(): void {
    this.#life++;
    this.isUp = false;
    this.#standstill = undefined;
    this.#waiting = [];
  }

  startAgain(): void {
    this.isUp = true;
    this.#bornAtMs = this.#scheduler.nowMs;
    this.#suspendedMs = 0;
    this.stoodStillMs = 0;
  }

  standStill(kind: Standstill): void {
    this.#standstill ??= { kind, sinceMs: this.#scheduler.nowMs };
  }

  goOn(): void {
    if (this.#standstill === undefined) return;
    const lasted = this.#scheduler.nowMs - this.#standstill.sinceMs;
    if (this.#standstill.kind === "suspended") this.#suspendedMs += lasted;
    this.stoodStillMs += lasted;
    this.#standstill = undefined;
    for (const deliver of this.#waiting.splice(0)) this.#scheduler.after(this.#dice.delay(5), deliver);
  }

  epochMs(): number {
    return Math.floor(startsAtMs + this.#scheduler.nowMs + this.offsetMs);
  }

  monotonicMs(): number {
    const asleepMs = this.#standstill?.kind === "suspended" ? this.#scheduler.nowMs - this.#standstill.sinceMs : 0;
    return this.#scheduler.nowMs - this.#bornAtMs - this.#suspendedMs - asleepMs;
  }

  /** Timers count on the monotonic clock, as those of an event loop do. */
  timer(ms: number, ring: () => void): void {
    const ringsAt = this.monotonicMs() + ms;
    const wait = (): void =>
      this.#scheduler.after(
        Math.max(0, ringsAt - this.monotonicMs()),
        this.own(() => (this.monotonicMs() < ringsAt - 1e-6 ? wait() : ring())),
      );
    wait();
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(signal.reason as Error);
      signal?.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
      this.timer(ms, resolve);
    });
  }

  readonly world: World = {
    epochMs: () => this.epochMs(),
    monotonicMs: () => this.monotonicMs(),
    random: (length) => this.#dice.bytes(length),
    sleep: (ms, signal) => this.sleep(ms, signal),
  };
}

/** True time as the provider's `Date` header says it. */
export const trueEpochMs = (scheduler: Scheduler): number => startsAtMs + scheduler.nowMs;

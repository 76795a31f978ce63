import { Scheduler, type Dice, type Trace } from "@symbolon/testing";
import { KeeperOracle } from "./oracle.ts";
import { noFaults, type Faults, type Plan } from "./plan.ts";
import { SimulatedProvider } from "./provider/simulated-provider.ts";
import { SharedStore } from "./shared-store.ts";
import type { Subject, SubjectKind } from "./subject.ts";
import { VirtualProcess } from "./virtual-process.ts";

/** Processes with a keeper each, the store that they share, their providers, and one time for all. */
export class KeeperWorld {
  readonly scheduler = new Scheduler();
  readonly plan: Plan;
  readonly dice: Dice;
  readonly kind: SubjectKind;
  readonly oracle: KeeperOracle;
  readonly store: SharedStore;
  readonly provider: SimulatedProvider;
  readonly processes: readonly VirtualProcess[];
  readonly subjects = new Map<VirtualProcess, Subject>();
  readonly cutFromStore = new Set<VirtualProcess>();
  readonly cutFromProvider = new Set<VirtualProcess>();
  /** Called when a process has started, with its keeper. */
  onStart: (process: VirtualProcess, subject: Subject) => void = () => {};
  faults: Faults = noFaults;
  /** What processes that start from now on say of their client. */
  clientGeneration = 1;
  /** When the process that sleeps longest is awake again. */
  allAwakeAtMs = 0;
  readonly #trace: Trace;

  constructor(plan: Plan, dice: Dice, kind: SubjectKind, trace: Trace) {
    this.plan = plan;
    this.dice = dice;
    this.kind = kind;
    this.#trace = trace;
    this.processes = plan.skewsMs.map(
      (skew, index) => new VirtualProcess(`process ${"ABCD"[index]}`, skew, this.scheduler, dice),
    );
    this.oracle = new KeeperOracle(this);
    this.store = new SharedStore(this);
    this.provider = new SimulatedProvider(this);
  }

  note(line: string): void {
    this.#trace.note(this.scheduler.nowMs, line);
  }

  /** Runs beside all others; an error that it throws ends the run. */
  start(name: string, run: () => Promise<void>): void {
    run().catch((error: unknown) =>
      this.oracle.fail("C-11", `${name}: ${error instanceof Error ? error.stack : String(error)}`),
    );
  }

  /** Opens the keeper of a process that is up; resolves when it is there, or never where the process dies meanwhile. */
  async open(process: VirtualProcess): Promise<void> {
    const { name, world } = process;
    const subject = await this.kind.open({
      name: `${name} ${process.life}`,
      world,
      store: this.store.seenBy(process),
      providers: this.provider.portsFor(process),
    });
    this.subjects.set(process, subject);
    this.onStart(process, subject);
  }

  kill(process: VirtualProcess): void {
    this.note(`${process.name} dies`);
    this.oracle.disturbed("death", process);
    process.die();
    this.subjects.delete(process);
    this.scheduler.after(this.dice.delay(60_000), () => this.revive(process));
  }

  revive(process: VirtualProcess): void {
    if (process.isUp) return;
    this.note(`${process.name} starts again`);
    process.startAgain();
    this.start(process.name, () => this.open(process));
  }

  standStill(process: VirtualProcess, kind: "stopped" | "suspended", seconds: number): void {
    if (!process.isUp || process.isStandingStill) return;
    this.note(`${process.name} is ${kind} for ${seconds} s`);
    this.oracle.disturbed(kind, process);
    if (seconds >= 60) this.oracle.saw("stopped for longer than a lease");
    if (seconds >= 86_400) this.oracle.saw("asleep for days");
    process.standStill(kind);
    this.allAwakeAtMs = Math.max(this.allAwakeAtMs, this.scheduler.nowMs + seconds * 1000 + 1);
    this.scheduler.after(seconds * 1000, () => this.wake(process));
  }

  /** Lets a process stand still at this moment, sometimes. */
  mayStandStill(process: VirtualProcess): void {
    const { dice, faults } = this;
    if (dice.chance(faults.standsStill))
      this.standStill(process, dice.pick(["stopped", "suspended"]), dice.pick([3, 20, 60, 300]));
  }

  wake(process: VirtualProcess): void {
    if (!process.isStandingStill) return;
    this.oracle.trouble("standstill", process);
    process.goOn();
    this.note(`${process.name} goes on`);
  }

  /** Ends every fault, and starts every process. */
  heal(): void {
    this.note("everything heals");
    this.faults = noFaults;
    this.provider.episodes.length = 0;
    this.provider.knowsClients = this.clientGeneration;
    this.cutFromStore.clear();
    this.cutFromProvider.clear();
    for (const process of this.processes) {
      this.wake(process);
      this.revive(process);
    }
  }
}

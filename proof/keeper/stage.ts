import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPostgres, type PostgresServer } from "@symbolon/testing/postgres-server";
import { Crew, type Heard } from "./crew.ts";
import { adopt, keeperOf, openTaskStore, worldOf } from "./keeping.ts";
import { startProvider, type Provider } from "./provider.ts";
import { accessLifetimeMs, rules, type Rule } from "./rules.ts";
import type { History } from "./check-history.ts";
import type { Task } from "./worker-messages.ts";

export const storeKinds = ["files", "sqlite", "postgres"] as const;
export type StoreKind = (typeof storeKinds)[number];

export type StageOptions = {
  kind: StoreKind;
  processes: number;
  rules?: readonly Rule[];
  /** Of each process's clock, by place. */
  skewsMs?: readonly number[];
  /** How long a process waits for the provider, in real time. Long, so that a busy machine is no fault. */
  deadlineMs?: number;
  /** How long a stalled answer or write takes, and how often a write is one. */
  stallMs?: number;
  stallShare?: number;
  /** How many times as fast as real time everybody's clock runs, so that leases of the dead run out soon. */
  pace?: number;
};

/** One store, one provider with a grant of each rule, and the processes that share them. Time is common, and jumps. */
export type Stage = {
  provider: Provider;
  crew: Crew;
  grants: readonly { id: string; rule: Rule }[];
  /**
   * Puts every clock forward by this share of an access token's lifetime, and lets all processes work. Resolves when
   * those that can have finished. Clocks jump only between rounds: a process that observes a lease during a jump would
   * find it an hour old.
   */
  round(share: number): Promise<Heard[]>;
  /**
   * Lets all work without putting the clock forward, until no lost answer is outstanding that can still be had. To jump
   * an hour before that would be to let everybody sleep through the provider's window.
   */
  settle(): Promise<void>;
  /** A user consents again, if the provider has ended the grant. */
  consentAgain(): Promise<string[]>;
  history(): History;
  stop(): Promise<void>;
};

/** For one round. */
const patienceMs = 60_000;

export async function openStage({
  kind,
  processes,
  rules: chosen = rules,
  skewsMs = [],
  deadlineMs = 20_000,
  stallMs = 0,
  stallShare = 0,
  pace = 1,
}: StageOptions): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), "symbolon-keeper-"));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  process.once("exit", remove);
  const postgres: PostgresServer | undefined = kind === "postgres" ? await startPostgres() : undefined;
  const where = {
    files: join(folder, "store"),
    sqlite: join(folder, "store", "keeper.sqlite"),
    postgres: postgres?.urlOf() ?? "",
  }[kind];
  let offsetMs = 0;
  let rounds = 0;
  const time = { pace, epochMs: Date.now() };
  const world = worldOf(time, () => offsetMs);
  const provider = await startProvider({ nowMs: world.epochMs, stallMs });
  const grants = chosen.map((rule) => ({ id: rule, rule }));
  const task: Task = {
    store: { kind, where },
    providerUrl: provider.url,
    key: randomBytes(32).toString("base64url"),
    grants,
    deadlineMs,
    ...time,
    stallShare,
    stallMs,
  };
  const crew = new Crew(task, skewsMs);
  const store = await openTaskStore(task.store);
  const desk = keeperOf(task, { store, world, processName: "desk" });
  const lines = new Map<string, string>();
  const ended: History["ended"][number][] = [];

  async function consent(id: string, rule: Rule): Promise<void> {
    const line = lines.has(id) ? `${id}.${Number(lines.get(id)!.split(".")[1] ?? 1) + 1}` : id;
    lines.set(id, line);
    await adopt(desk, id, rule, provider.grant(line, rule));
  }

  for (const { id, rule } of grants) await consent(id, rule);
  for (let place = 0; place < processes; place += 4)
    await Promise.all(Array.from({ length: Math.min(4, processes - place) }, (_, n) => crew.hire(place + n)));

  const isOutstanding = async (): Promise<boolean> => {
    const all = await Promise.all(grants.filter(({ rule }) => rule !== "strict").map(({ id }) => desk.status(id)));
    return all.some(({ answerMissing }) => answerMissing);
  };

  const stage: Stage = {
    provider,
    crew,
    grants,
    async round(share) {
      if (share > 0) await within(patienceMs, crew.recovered(), () => "a recovery does not end");
      offsetMs += Math.round(accessLifetimeMs * share);
      const round = ++rounds;
      const from = crew.heard.length;
      const rested = crew.places
        .filter((place) => !crew.isSuspended(place))
        .map(async (place) => {
          const { name } = crew.memberAt(place)!;
          const done = crew.next(
            (heard) =>
              heard.from === name && (heard.say === "ended" || (heard.say === "rested" && heard.round === round)),
          );
          crew.order(place, { do: "work", round, offsetMs });
          await done;
        });
      for (const place of crew.places.filter((one) => crew.isSuspended(one)))
        crew.order(place, { do: "work", round, offsetMs });
      await within(
        patienceMs,
        Promise.all(rested),
        () => `round ${round} is not done: ${JSON.stringify(crew.heard.slice(-5))}`,
      );
      return crew.heard.slice(from);
    },
    async settle() {
      const endMs = Date.now() + patienceMs;
      while (await isOutstanding()) {
        if (Date.now() > endMs) throw new Error("a lost answer is still outstanding");
        await stage.round(0);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    },
    async consentAgain() {
      const dead = grants.filter(({ id }) => provider.lineOf(lines.get(id)!).dead !== undefined);
      for (const { id, rule } of dead) {
        ended.push({ grant: lines.get(id)!, rule, why: provider.lineOf(lines.get(id)!).dead! });
        await consent(id, rule);
      }
      return dead.map(({ id }) => id);
    },
    history: () => ({
      deadlineMs,
      seen: provider.seen,
      heard: crew.heard,
      members: crew.history,
      ended: [
        ...ended,
        ...[...lines.values()].flatMap((line) => {
          const { rule, dead } = provider.lineOf(line);
          return dead === undefined ? [] : [{ grant: line, rule, why: dead }];
        }),
      ],
    }),
    async stop() {
      await crew.dismiss();
      await desk.close();
      await store.close();
      await provider.stop();
      await postgres?.stop();
      process.removeListener("exit", remove);
      remove();
    },
  };
  return stage;
}

async function within<T>(ms: number, work: Promise<T>, says: () => string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => (timer = setTimeout(() => reject(new Error(says())), ms)));
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

import type { RefreshOutcome } from "@symbolon/client/keeper";
import {
  hadTrouble,
  isLive,
  type Flight,
  type GrantFacts,
  type SimulationView,
  type TroubleKind,
  type Watch,
} from "./facts.ts";
import { checkHanded } from "./hand-checks.ts";
import { checkArrival, checkPost } from "./post-checks.ts";
import { checkLeaseAtPost, checkLeaseWrite, checkVolatile, leaseOf, noteBought, noteOutcome } from "./lease-checks.ts";
import { noLease } from "./lease-facts.ts";
import { nameRefreshToken, newFamily, readRefreshToken, type Presented, type Turn } from "./provider/family.ts";
import { rulesOf, windowMs } from "./provider/rules.ts";
import type { RareState } from "./rare-states.ts";
import { checkWrite } from "./record-checks.ts";
import type { Handed } from "./subject.ts";
import type { VirtualProcess } from "./virtual-process.ts";

/** More than any run needs: then something turns in a circle. */
const mostCalls = 200_000;

/**
 * Watches everything and knows what must hold (refresh-tokens.md B11, faults.md §4):
 *
 * | invariant | checked | how |
 * |---|---|---|
 * | I1 | each POST | no other POST of the grant is under way from a process that is alive and has not stood still |
 * | I2 | each token handed out | its pair has stood in the store, or it is flagged volatile; where the class is lazy there is no flag |
 * | I3 | each POST | the token is the head or its predecessor |
 * | I4 | each write of `dead` | no POST of another process is under way |
 * | I5 C-01 C-02 | each turn of the provider, each write of `dead` | a family ended by reuse, or given up while its provider honours it, has an excuse that its class allows |
 * | B3.2 | each POST | a token that was possibly spent is sent again outside its window only when little is left to lose |
 * | B6 | each POST | the intent stands in the store by then |
 * | C-03 C-04 | each POST | a pair is not renewed twice within its life |
 * | C-06 C-10 | each POST | twenty a minute at most; `Retry-After` is honoured |
 * | C-08 C-13 | each refusal to hand out | no caller is refused while the store holds a token that lives |
 * | C-11 | always | what the keeper throws, it has a word for |
 * | liveness | the end | every grant that its provider honours hands out a token again, every other says that it is over |
 */
export class KeeperOracle implements Watch {
  readonly grants = new Map<string, GrantFacts>();
  readonly sightings = new Map<RareState, number>();
  readonly world: SimulationView;
  /** The first thing that should not have been. */
  violation: string | undefined;
  #calls = 0;

  constructor(world: SimulationView) {
    this.world = world;
    world.plan.grants.forEach(({ kind, client, lifetimeSeconds, weRevoke }, index) => {
      const name = `g${index + 1}`;
      this.grants.set(name, {
        name,
        kind,
        issuer: `https://provider-${client}.example`,
        lifetimeSeconds,
        weRevoke,
        family: newFamily(0),
        consents: 0,
        isDamaged: false,
        isConsenting: false,
        flights: [],
        posts: [],
        arrivals: [],
        record: undefined,
        writtenAtMs: 0,
        durable: new Set(),
        bought: new Map(),
        rejected: new Set(),
        troubles: [],
        wasRefusedForNothing: false,
        presentedBy: new Map(),
        isRevocationAcknowledged: false,
        leases: noLease(),
      });
    });
  }

  fail(invariant: string, message: string): void {
    if (this.violation !== undefined) return;
    this.violation = `${invariant}: ${message}`;
    this.world.note(`VIOLATION ${this.violation}`);
    this.world.scheduler.stop();
  }

  saw(state: RareState): void {
    this.sightings.set(state, (this.sightings.get(state) ?? 0) + 1);
  }

  count(): void {
    if (++this.#calls === mostCalls) this.fail("C-10", "the keeper turns in a circle");
  }

  /** Something went wrong for everything that this process does; without a process, for all. */
  trouble(kind: TroubleKind, process?: VirtualProcess): void {
    const concerned = [...this.grants.values()].filter(
      ({ record, flights }) =>
        process === undefined ||
        flights.some((flight) => flight.process === process) ||
        record?.owner?.startsWith(process.name) === true,
    );
    for (const grant of concerned) this.#note(grant, kind);
  }

  /** The same, which also ends or delays a POST that is under way. */
  disturbed(kind: "death" | "stopped" | "suspended", process: VirtualProcess): void {
    this.trouble(kind, process);
    const isSending = [...this.grants.values()].some(({ flights }) =>
      flights.some((flight) => flight.process === process && isLive(flight)),
    );
    if (isSending) this.saw(`${kind} during a refresh`);
  }

  posted(process: VirtualProcess, presented: Presented, clientGeneration: number): Flight {
    const grant = this.grants.get(presented.grant)!;
    const { nowMs } = this.world.scheduler;
    const flight: Flight = {
      grant,
      process,
      life: process.life,
      presented,
      clientGeneration,
      fence: leaseOf(grant, process)?.fence,
      beat: grant.record?.beat,
      startedAtMs: nowMs,
      stoodStillMs: process.stoodStillMs,
      outcome: undefined,
      isOver: false,
    };
    this.world.note(
      `${process.name} sends generation ${presented.generation} of ${grant.name} (${grant.kind})${presented.intent === undefined ? "" : ` with ${presented.intent.slice(0, 6)}`}`,
    );
    checkPost(this, flight);
    checkLeaseAtPost(this, flight);
    grant.posts.push({ by: `${process.name} ${process.life}`, generation: presented.generation, atMs: nowMs });
    grant.flights = [...grant.flights.filter(isLive), flight];
    return flight;
  }

  arrived({ grant }: Flight): void {
    grant.arrivals.push(this.world.scheduler.nowMs);
    checkArrival(this, grant);
  }

  /** The provider has decided. */
  processed({ grant, presented, process }: Flight, turn: Turn, isCopy: boolean): void {
    const { family } = grant;
    const text = nameRefreshToken(presented);
    this.world.note(
      `the provider: generation ${presented.generation} of ${grant.name} is ${turn.says}${isCopy ? ", a copy" : ""}`,
    );
    if (turn.says === "again") this.saw("replay: the same pair again");
    if (turn.says === "again" && grant.kind === "symbolon strict") this.saw("replay by intent under strict");
    if (turn.says === "another") this.saw("replay: another pair");
    if (turn.says === "same" && grant.kind === "timed") this.saw("timed: the value has not changed");
    if (presented.generation === family.head - 1 && (grant.presentedBy.get(text) ?? process.name) !== process.name)
      this.saw("replay by another process");
    if (!grant.presentedBy.has(text)) grant.presentedBy.set(text, process.name);
    if (isCopy) this.#note(grant, "copy");
    if (turn.says === "reuse") this.#judgeReuse(grant, isCopy);
  }

  /**
   * Who ended the family by presenting a spent token: the network, a fault that its class cannot survive, or the
   * keeper.
   */
  #judgeReuse(grant: GrantFacts, isCopy: boolean): void {
    const { rotatedAtMs } = grant.family;
    const rules = rulesOf(grant.kind);
    const ageMs = this.world.scheduler.nowMs - rotatedAtMs;
    if (isCopy || hadTrouble(grant, rotatedAtMs, ["copy"])) return;
    // With an intent key a strict provider answers again three times, until its answer is seen in use.
    const isLost = !rules.readsIntent || grant.family.replays >= 3 || grant.family.isDelivered;
    if (rules.rotation.kind === "strict" && isLost && hadTrouble(grant, rotatedAtMs - 15_000))
      return this.saw("family killed by a lost answer under strict");
    const wasHindered = hadTrouble(grant, rotatedAtMs - 1000, [
      "store",
      "death",
      "standstill",
      "stopped",
      "suspended",
      "partition",
      "episode",
    ]);
    const attempts = grant.posts.filter(({ atMs }) => atMs >= rotatedAtMs - 15_000).length;
    if (ageMs > windowMs(rules) && (wasHindered || attempts > 2)) return;
    this.fail(
      "I5",
      `${grant.name} (${grant.kind}) ended by our own spent token, ${Math.round(ageMs / 1000)} s after its rotation`,
    );
  }

  bought(grant: GrantFacts, accessToken: string, refreshToken: string, fence?: number): void {
    noteBought(grant, accessToken, fence);
    grant.bought.set(accessToken, { atMs: this.world.scheduler.nowMs, refreshToken });
  }

  heard(flight: Flight, outcome: RefreshOutcome): void {
    flight.isOver = true;
    flight.outcome = outcome;
    noteOutcome(this, flight, outcome);
    this.world.note(
      `${flight.process.name} gets ${outcome.kind}${"code" in outcome ? ` ${outcome.code}` : ""} about ${flight.grant.name}`,
    );
    if (outcome.kind === "unknown") this.#note(flight.grant, "unknown outcome");
    if (
      outcome.kind === "not_processed" ||
      (outcome.kind === "refused" && outcome.about === "client") ||
      ("status" in outcome && (outcome.status ?? 0) >= 500)
    )
      this.#note(flight.grant, "episode");
  }

  refusedForNothing({ grant, clientGeneration }: Flight): void {
    this.saw("an invalid_grant that meant nothing");
    if (clientGeneration <= this.world.provider.knowsClients) grant.wasRefusedForNothing = true;
    this.#note(grant, "episode");
  }

  revokedAtProvider(token: string): void {
    const grant = this.grants.get(token.split(".")[1]!)!;
    this.world.note(`the provider: ${grant.name} is revoked by its client`);
    grant.family = { ...grant.family, endedBy: grant.family.endedBy ?? "client" };
    if (token.startsWith("rt.") && readRefreshToken(token).generation < grant.family.head - 1)
      this.fail("I3", "a token two generations old was sent to be revoked");
  }

  /** A write has reached the store. */
  written(process: VirtualProcess, key: string, before: string | undefined, after: string): void {
    const { kind } = this.world;
    const view = kind.read(key, after);
    if (view === undefined) return;
    const grant = this.grants.get(view.grant)!;
    this.world.note(
      `${process.name} has written ${view.grant}: ${view.state}, version ${view.version}, fence ${view.fence}${view.hasIntent ? ", intent" : ""}${view.owner === undefined ? "" : `, lease of ${view.owner}`}`,
    );
    const earlier = before === undefined ? undefined : kind.read(key, before);
    checkWrite(this, process, grant, earlier, view);
    checkLeaseWrite(this, process, grant, earlier, view);
    grant.record = view;
    if (view.accessToken !== undefined) grant.isDamaged = false;
    grant.writtenAtMs = this.world.scheduler.nowMs;
    if (view.accessToken !== undefined) grant.durable.add(view.accessToken);
  }

  handed(process: VirtualProcess, grant: GrantFacts, handed: Handed, rejected: string | undefined): void {
    this.world.note(
      `${process.name} gets of ${grant.name}: ${handed.kind === "token" ? `${handed.accessToken}${handed.isVolatile ? ", volatile" : ""}` : handed.kind === "none" ? handed.code : "ended"}`,
    );
    checkHanded(this, process, grant, handed, rejected);
    if (handed.kind === "token" && handed.isVolatile) checkVolatile(this, process, grant, handed.accessToken);
  }

  #note(grant: GrantFacts, kind: TroubleKind): void {
    grant.troubles.push({ atMs: this.world.scheduler.nowMs, kind });
  }
}

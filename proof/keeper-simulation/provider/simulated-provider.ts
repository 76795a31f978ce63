import type { FreshTokens, KeeperProvider, RefreshAsk, RefreshOutcome } from "@symbolon/client/keeper";
import { Sealed } from "@symbolon/protocol";
import type { Dice, Scheduler } from "@symbolon/testing";
import type { AccessToken, Flight, GrantFacts } from "../facts.ts";
import type { KeeperOracle } from "../oracle.ts";
import type { EpisodePlan, Faults } from "../plan.ts";
import type { Pair } from "../subject.ts";
import { trueEpochMs, type VirtualProcess } from "../virtual-process.ts";
import { consentOf, nameRefreshToken, newFamily, readRefreshToken, type Presented, type Turn } from "./family.ts";
import { deadlineMs, present, rulesOf } from "./rules.ts";

export type Episode = EpisodePlan & { untilMs: number };

/** What the provider uses of the simulation. */
type ProviderWorld = {
  readonly scheduler: Scheduler;
  readonly dice: Dice;
  readonly oracle: KeeperOracle;
  readonly faults: Faults;
  readonly clientGeneration: number;
  readonly cutFromProvider: ReadonlySet<VirtualProcess>;
  mayStandStill(process: VirtualProcess): void;
};

/** Every provider of the run, each grant at its own, with the network between them and the processes. */
export class SimulatedProvider {
  readonly episodes: Episode[] = [];
  /** A client that says it is of a later generation gets `invalid_grant`: the tokens were issued to another. */
  knowsClients = 1;
  readonly accessTokens = new Map<string, AccessToken>();
  readonly #world: ProviderWorld;
  readonly #lastAnswers = new Map<GrantFacts, FreshTokens>();

  constructor(world: ProviderWorld) {
    this.#world = world;
  }

  portsFor(process: VirtualProcess): KeeperProvider[] {
    const { clientGeneration } = this.#world;
    const byIssuer = new Map([...this.#world.oracle.grants.values()].map((grant) => [grant.issuer, grant]));
    return [...byIssuer.values()].map((grant) => ({
      issuer: grant.issuer,
      clientId: "the-application",
      clientGeneration,
      rotation: rulesOf(grant.kind).rotation,
      readsIntent: rulesOf(grant.kind).readsIntent,
      deadlineMs,
      refresh: (ask) => this.#send(process, ask, clientGeneration),
      revoke: ({ token }) => this.#sendRevocation(process, token.reveal()),
    }));
  }

  /** A user consents; the earlier consent is over. */
  consent(grant: GrantFacts): Pair {
    const { nowMs } = this.#world.scheduler;
    grant.family = newFamily(nowMs, grant.consents++);
    const accessToken = this.#mint(grant);
    const refreshToken = nameRefreshToken({ grant: grant.name, generation: grant.family.head, serial: 0 });
    this.#world.oracle.bought(grant, accessToken, refreshToken);
    return { accessToken, refreshToken, lifetimeSeconds: grant.lifetimeSeconds };
  }

  /** A call to the API. `undefined`: no answer. */
  use(process: VirtualProcess, token: string): Promise<200 | 401 | undefined> {
    const { scheduler, dice, faults } = this.#world;
    return new Promise((resolve) => {
      if (dice.chance(faults.useLost)) return process.timer(1000, () => resolve(undefined));
      scheduler.after(dice.delay(faults.netSlowMs), () => {
        const status = this.#takes(token);
        scheduler.after(
          dice.delay(faults.netSlowMs),
          process.own(() => resolve(status)),
        );
      });
    });
  }

  isLive(token: string): boolean {
    const { grant, generation, expiresAtMs } = this.accessTokens.get(token)!;
    const { family, kind } = grant;
    const isSuperseded =
      rulesOf(kind).closesOnUse &&
      rulesOf(kind).rotation.kind === "lazy" &&
      (generation < family.head - 1 || (generation === family.head - 1 && family.isDelivered));
    return (
      this.#world.scheduler.nowMs < expiresAtMs &&
      family.endedBy === undefined &&
      consentOf(generation) === consentOf(family.head) &&
      !isSuperseded
    );
  }

  #takes(token: string): 200 | 401 {
    const { grant, generation } = this.accessTokens.get(token)!;
    if (!this.isLive(token)) return 401;
    if (this.#episode("401 for all")) {
      this.#world.oracle.saw("a good token refused with 401");
      return 401;
    }
    if (generation === grant.family.head)
      grant.family = { ...grant.family, isDelivered: rulesOf(grant.kind).closesOnUse || grant.family.isDelivered };
    return 200;
  }

  #send(
    process: VirtualProcess,
    { refreshToken, intent, signal }: RefreshAsk,
    clientGeneration: number,
  ): Promise<RefreshOutcome> {
    const { scheduler, dice, faults, oracle, cutFromProvider } = this.#world;
    if (!process.isUp) return new Promise(() => {});
    const presented: Presented = { ...readRefreshToken(refreshToken.reveal()), intent };
    const flight = oracle.posted(process, presented, clientGeneration);
    this.#world.mayStandStill(process);
    return new Promise((resolve) => {
      const hear = (outcome: () => RefreshOutcome): (() => void) =>
        process.own(() => {
          if (flight.isOver) return;
          oracle.heard(flight, outcome());
          resolve(flight.outcome!);
        });
      process.timer(
        deadlineMs,
        hear(() => ({ kind: "unknown", code: "timeout" })),
      );
      signal.addEventListener(
        "abort",
        hear(() => ({ kind: "unknown", code: "aborted" })),
        { once: true },
      );
      if (cutFromProvider.has(process) || dice.chance(faults.notSent)) {
        oracle.saw("certainly not sent");
        return scheduler.after(
          dice.delay(faults.netSlowMs),
          hear(() => ({ kind: "not_processed", code: "connection" })),
        );
      }
      if (dice.chance(faults.duplicated)) this.#deliver(flight, true, () => {});
      if (dice.chance(faults.requestLost)) {
        oracle.saw("request lost");
        return this.#lose(hear);
      }
      this.#deliver(flight, false, (answer) => {
        if (!dice.chance(this.#world.faults.answerLost))
          return scheduler.after(
            dice.delay(this.#world.faults.netSlowMs),
            hear(() => answer(process)),
          );
        oracle.saw("answer lost after it was processed");
        this.#lose(hear);
      });
    });
  }

  /** Either nothing comes, or the connection breaks. */
  #lose(hear: (outcome: () => RefreshOutcome) => () => void): void {
    const { scheduler, dice, faults } = this.#world;
    if (dice.chance(0.5))
      scheduler.after(
        dice.delay(faults.netSlowMs),
        hear(() => ({ kind: "unknown", code: "connection" })),
      );
  }

  #deliver(
    flight: Flight,
    isCopy: boolean,
    answered: (answer: (process: VirtualProcess) => RefreshOutcome) => void,
  ): void {
    const { scheduler, dice, faults, oracle } = this.#world;
    if (isCopy) oracle.saw("request duplicated");
    scheduler.after(dice.delay(faults.netSlowMs), () => answered(this.#answer(flight, isCopy)));
  }

  /** What the provider does, and how it words it to a process whose clock says something else. */
  #answer(flight: Flight, isCopy: boolean): (process: VirtualProcess) => RefreshOutcome {
    const { oracle } = this.#world;
    if (!isCopy) oracle.arrived(flight);
    const outage = this.#episode("outage") ?? this.#episode("outage processes");
    if (outage?.kind === "outage")
      return () => ({ kind: "unknown", code: "server_error", status: 503, ...wait(outage) });
    const limit = this.#episode("rate limit");
    if (limit !== undefined) {
      oracle.saw("rate limited");
      return () => ({ kind: "not_processed", code: "rate_limited", status: 429, ...wait(limit) });
    }
    if (this.#episode("refuses clients")) {
      oracle.saw("the client was refused");
      return () => ({ kind: "refused", about: "client", code: "invalid_client", status: 401, final: false });
    }
    if (this.#episode("refuses grants") !== undefined || flight.clientGeneration > this.knowsClients) {
      oracle.refusedForNothing(flight);
      return refusal;
    }
    const turn = this.#turn(flight, isCopy);
    if (turn.says === "reuse" || turn.says === "refused") return refusal;
    const tokens = this.#tokens(flight, turn);
    if (outage !== undefined) {
      oracle.saw("processed, and answered with 5xx");
      return () => ({ kind: "unknown", code: "server_error", status: 502, ...wait(outage) });
    }
    const dateMs = Math.floor(trueEpochMs(this.#world.scheduler) / 1000) * 1000;
    return (process) => ({ kind: "tokens", tokens: { ...tokens, clockOffsetMs: dateMs - process.epochMs() } });
  }

  #turn(flight: Flight, isCopy: boolean): Turn {
    const { grant, presented } = flight;
    const { scheduler, oracle } = this.#world;
    const turn = present(grant.kind, grant.family, presented, scheduler.nowMs);
    oracle.processed(flight, turn, isCopy);
    grant.family = turn.family;
    return turn;
  }

  #tokens({ grant, presented, fence }: Flight, { says, family }: Turn): FreshTokens {
    const last = this.#lastAnswers.get(grant);
    if (says === "again" && grant.kind === "replay" && last !== undefined) return last;
    const mayOmit = says === "same" && this.#world.dice.chance(0.5);
    const refreshToken = nameRefreshToken({ grant: grant.name, generation: family.head, serial: family.serial });
    const accessToken = this.#mint(grant);
    this.#world.oracle.bought(
      grant,
      accessToken,
      mayOmit
        ? nameRefreshToken({ grant: grant.name, generation: presented.generation, serial: presented.serial })
        : refreshToken,
      fence,
    );
    const tokens = {
      accessToken: new Sealed(accessToken),
      lifetimeSeconds: grant.lifetimeSeconds,
      ...(mayOmit ? {} : { refreshToken: new Sealed(refreshToken) }),
    };
    this.#lastAnswers.set(grant, tokens);
    return tokens;
  }

  #mint(grant: GrantFacts): string {
    const text = `at.${grant.name}.${grant.family.head}.${this.accessTokens.size}`;
    this.accessTokens.set(text, {
      grant,
      generation: grant.family.head,
      expiresAtMs: this.#world.scheduler.nowMs + grant.lifetimeSeconds * 1000,
    });
    return text;
  }

  #sendRevocation(process: VirtualProcess, token: string): Promise<"revoked" | "unknown"> {
    const { scheduler, dice, faults, oracle, cutFromProvider } = this.#world;
    return new Promise((resolve) => {
      const hear = (answer: "revoked" | "unknown"): (() => void) => process.own(() => resolve(answer));
      process.timer(deadlineMs, hear("unknown"));
      if (cutFromProvider.has(process) || dice.chance(faults.requestLost) || this.#episode("outage") !== undefined)
        return;
      scheduler.after(dice.delay(faults.netSlowMs), () => {
        oracle.revokedAtProvider(token);
        if (!dice.chance(this.#world.faults.answerLost)) scheduler.after(dice.delay(faults.netSlowMs), hear("revoked"));
      });
    });
  }

  #episode(kind: Episode["kind"]): Episode | undefined {
    return this.episodes.find((episode) => episode.kind === kind && this.#world.scheduler.nowMs < episode.untilMs);
  }
}

const wait = ({ retryAfterSeconds }: Episode): { retryAfterMs?: number } =>
  retryAfterSeconds === undefined ? {} : { retryAfterMs: retryAfterSeconds * 1000 };

const refusal = (): RefreshOutcome => ({
  kind: "refused",
  about: "grant",
  code: "invalid_grant",
  status: 400,
  final: false,
});

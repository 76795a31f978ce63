import type { TokenResponse } from "@symbolon/server";
import type { GrantFacts } from "./books.ts";
import { allowAccess } from "./consent.ts";
import { audience, type ClientPlan } from "./plan.ts";
import { basic, idleSeconds, redirectUri, verifier } from "./registration.ts";
import type { SimulatedWorld } from "./simulated-world.ts";
import type { Answer, Call } from "./wire.ts";

/**
 * What the processes of one client share: the last pair that one of them received, and the intent of an open attempt.
 */
type Record = {
  grant: GrantFacts;
  pair: TokenResponse & { refresh_token: string };
  /** Stored before the first request of an attempt, and repeated until that attempt has its answer. */
  intent: string | undefined;
  /** Requests that were sent with the current refresh token. */
  sent: number;
  firstSentMs: number;
  renewedAtMs: number;
  isOver: boolean;
};

/**
 * A process that finds a younger pair does not refresh it: a copy of the request that got it may still be under way.
 */
const freshMs = 12_000;

type Refreshed = "renewed" | "refused" | "gave up";

/**
 * Refreshes in time, keeps the last token received, retries after every failure: refresh-tokens.md B3, in its plainest
 * form.
 */
export class HonestClient {
  readonly #world: SimulatedWorld;
  readonly #plan: ClientPlan;
  readonly #name: string;
  #record: Record | undefined;
  #lock: Promise<void> = Promise.resolve();

  constructor(world: SimulatedWorld, plan: ClientPlan, name: string) {
    this.#world = world;
    this.#plan = plan;
    this.#name = `${name} (${plan.preset}${plan.sendsIntent ? " with intent" : ""}, ${plan.processes})`;
  }

  async run(): Promise<void> {
    const { dice } = this.#world;
    await this.#sleep(dice.between(0, 20));
    for (let tries = 0; tries < 3 && this.#record === undefined; tries++) await this.#obtain();
    const processes = this.#plan.processes === "one" ? ["A"] : ["A", "B"];
    await Promise.all(processes.map((process) => this.#work(process)));
    if (this.#plan.signsOut && this.#record !== undefined) await this.#signOut(this.#record);
  }

  /** After every fault has healed: clients that are guaranteed service get it. */
  async checkLiveness(): Promise<void> {
    const record = this.#record;
    if (record === undefined || record.isOver || record.grant.model.isRevoked) return;
    if ((await this.#refresh(record, "at last")) !== "renewed") {
      const { grant } = record;
      const now = Math.max(...this.#world.nodes.map((node) => node.now()));
      const isOver = grant.disturbed !== undefined || grant.isLost || grant.model.isDead(now);
      if (!isOver && !(this.#world.oracle.hasClockMoved && grant.hasStrays))
        this.#world.oracle.fail("I3 liveness", `${this.#name} cannot go on`);
      return;
    }
    // what one server issues has expired on another: R-19 has an alarm for that
    if (this.#world.clocksDifferBySeconds() > 10) return;
    const answer = await this.#send("rs_any", {
      endpoint: "introspect",
      form: { token: record.pair.access_token },
      authorization: basic("rs_api"),
    });
    if ((answer?.body as { active?: boolean } | undefined)?.active !== true)
      this.#world.oracle.fail("liveness", `${this.#name} cannot use what it was given`);
  }

  async #obtain(): Promise<void> {
    const grant = await allowAccess(this.#world, this.#plan);
    if (grant === undefined || this.#world.dice.chance(0.1)) return this.#sleep(2); // the browser never came back
    const form = {
      grant_type: "authorization_code",
      code: grant.code,
      code_verifier: verifier,
      redirect_uri: redirectUri,
    };
    for (let tries = 0; tries < 3; tries++) {
      const answer = await this.#ask(form);
      if (answer?.status === 200) {
        this.#record = {
          grant,
          pair: answer.body as Record["pair"],
          intent: undefined,
          sent: 0,
          firstSentMs: 0,
          renewedAtMs: this.#world.scheduler.nowMs,
          isOver: false,
        };
        return;
      }
      if (!this.#plan.repeatsCodes) return; // whether it was spent is unknown: another consent is safer than a replay
      grant.disturbed ??= "a code was sent again";
    }
  }

  async #work(process: string): Promise<void> {
    const { dice } = this.#world;
    for (let cycle = 0; cycle < this.#plan.cycles; cycle++) {
      const record = this.#record;
      if (record === undefined || record.isOver) return;
      const token = record.pair.access_token;
      if (dice.chance(0.7)) await this.#use(record.pair.access_token, process);
      if (this.#plan.revokesAccess && dice.chance(0.3))
        await this.#send(process, { endpoint: "revoke", form: { token }, authorization: basic(record.grant.client) });
      // Both processes wake at about the same time.
      const wakesAt = (Math.floor(this.#world.scheduler.nowMs / 20_000) + 1) * 20_000;
      await this.#world.scheduler.sleep(wakesAt - this.#world.scheduler.nowMs + dice.delay(400));
      if (this.#plan.oversleeps && cycle === this.#plan.cycles - 1) await this.#sleep(idleSeconds);
      if ((await this.#renew(record, process)) === "refused") record.isOver = true;
    }
  }

  #renew(record: Record, process: string): Promise<Refreshed> {
    const refreshIfDue = async (): Promise<Refreshed> =>
      this.#world.scheduler.nowMs - record.renewedAtMs < freshMs ? "renewed" : await this.#refresh(record, process);
    if (this.#plan.processes !== "two with a lock") return refreshIfDue();
    const turn = this.#lock.then(refreshIfDue);
    this.#lock = turn.then(() => undefined);
    return turn;
  }

  async #refresh(record: Record, process: string): Promise<Refreshed> {
    const { dice, scheduler } = this.#world;
    const spent = record.pair.refresh_token;
    const form = this.#refreshForm(record);
    for (let tries = 0; tries < 6 && !record.isOver; tries++) {
      if (record.pair.refresh_token !== spent) return "renewed"; // another process was faster
      this.#countSending(record);
      const answer = await this.#ask(
        { ...form, ...(record.intent === undefined ? {} : { refresh_intent: record.intent }) },
        process,
      );
      const isStale = record.pair.refresh_token !== spent;
      if (answer?.status === 200 && !isStale) this.#keep(record, answer.body as Record["pair"]);
      if (answer?.status === 200) return "renewed";
      if (answer?.status === 400 && isStale) return "renewed";
      if (answer?.status === 400) return await this.#refused(record, answer, spent);
      await scheduler.sleep(dice.delay(2000));
    }
    return "gave up";
  }

  #refreshForm({ grant }: Record): { [name: string]: string } {
    const { dice } = this.#world;
    return {
      grant_type: "refresh_token",
      refresh_token: this.#record!.pair.refresh_token,
      ...(dice.chance(0.1) ? { scope: "read" } : {}),
      ...(dice.chance(0.1) && grant.audiences.length > 0 ? { resource: audience } : {}),
    };
  }

  /**
   * An invalid_grant may be the success of another process that is not stored yet (B3.1); otherwise it needs a good
   * reason.
   */
  async #refused(record: Record, answer: Answer, spent: string): Promise<Refreshed> {
    const hasRivals = this.#plan.processes === "two without";
    const { books } = this.#world.oracle;
    const { era } = books;
    if (hasRivals) await this.#sleep(6);
    if (record.pair.refresh_token !== spent) return "renewed";
    if (books.era !== era) return "gave up"; // a restored backup may have taken the reason back
    this.#world.oracle.refusedHonest(record.grant, answer.reason, hasRivals);
    return "refused";
  }

  #keep(record: Record, pair: Record["pair"]): void {
    if (record.sent > 1) this.#world.oracle.saw("replay after a lost answer");
    Object.assign(record, { pair, intent: undefined, sent: 0, renewedAtMs: this.#world.scheduler.nowMs });
  }

  /** Sending again is safe within the limits of the preset; beyond them there is no guarantee. */
  #countSending(record: Record): void {
    const { scheduler, dice } = this.#world;
    const { preset, sendsIntent } = this.#plan;
    if (record.sent++ === 0) record.firstSentMs = scheduler.nowMs;
    if (sendsIntent) record.intent ??= Buffer.from(dice.bytes(18)).toString("base64url");
    if (preset === "strict" && record.sent > (sendsIntent ? 4 : 1))
      record.grant.disturbed ??= "sent again under strict";
    if (preset === "window" && !sendsIntent && scheduler.nowMs - record.firstSentMs > 100_000)
      record.grant.disturbed ??= "the window is over";
  }

  async #use(token: string, process: string): Promise<void> {
    const { client, audiences } = this.#record!.grant;
    const calls: Omit<Call, "by">[] = [
      { endpoint: "introspect", form: { token }, authorization: basic("rs_api") },
      { endpoint: "introspect", form: { token }, authorization: basic(audiences.length > 0 ? "rs_any" : "rs_api") },
      { endpoint: "introspect", form: { token }, authorization: basic(client) },
      { endpoint: "batch", form: { tokens: `${token} garbage` }, authorization: basic("rs_api") },
      { endpoint: "token_info", form: {}, authorization: `Bearer ${token}` },
    ];
    await this.#send(process, this.#world.dice.pick(calls));
  }

  async #signOut({ grant, pair }: Record): Promise<void> {
    grant.isSignedOut = true;
    const call: Omit<Call, "by"> = {
      endpoint: "revoke",
      form: { token: pair.refresh_token },
      authorization: basic(grant.client),
    };
    const answer = await this.#send("A", call);
    this.#record!.isOver = true;
    if (answer?.status !== 200) return;
    await this.#use(pair.access_token, "A");
    await this.#ask({ grant_type: "refresh_token", refresh_token: pair.refresh_token });
  }

  #ask(form: Call["form"], process = "A"): Promise<Answer | undefined> {
    return this.#send(process, { endpoint: "token", form, authorization: basic(`app_${this.#plan.preset}`) });
  }

  #send(process: string, call: Omit<Call, "by">): Promise<Answer | undefined> {
    return this.#world.send({ by: `${this.#name}/${process}`, ...call });
  }

  #sleep(seconds: number): Promise<void> {
    return this.#world.scheduler.sleep(seconds * 1000);
  }
}

import type { GrantId } from "@symbolon/protocol";
import type { SeededRandom } from "@symbolon/testing";
import type { Tokens } from "../harness/client.ts";
import type { Reply } from "../harness/connection.ts";
import { generationOf } from "../harness/registration.ts";
import type { Ask, History, Outcome } from "./history.ts";

/** An offered grant, as its customer knows it. */
export type Offer = { grant: GrantId; code: string };

/** The requests of a customer to the running server; rejects if no answer comes. */
export type Desk = {
  redeem(code: string): Promise<Reply>;
  refresh(refreshToken: string): Promise<Reply>;
  revoke(token: string): Promise<Reply>;
  introspect(accessToken: string): Promise<Reply>;
  /** The next offered grant. */
  nextOffer(): Offer;
};

type Held = { grant: GrantId; code: string; tokens: Tokens | undefined; spent: string | undefined; isRevoked: boolean };

/** Redeems, refreshes, introspects and revokes, again and again; repeats requests that got no answer. */
export class Customer {
  readonly #desk: Desk;
  readonly #history: History;
  readonly #random: SeededRandom;
  #held: Held;

  constructor(desk: Desk, history: History, random: SeededRandom) {
    this.#desk = desk;
    this.#history = history;
    this.#random = random;
    this.#held = this.#begin();
  }

  get grant(): GrantId {
    return this.#held.grant;
  }

  /** Takes the next step. Returns whether it was answered, so that the customer may go on. */
  async step(): Promise<boolean> {
    const { tokens } = this.#held;
    if (this.#held.isRevoked) return this.#disconnect();
    if (tokens === undefined) return this.#connect();
    const dice = this.#random.below(100);
    if (dice < 3) return this.#disconnect();
    if (dice < 18) return this.#use(tokens);
    return this.#rotate(tokens, dice < 40 ? 2 : 1);
  }

  /**
   * After a crash: the client may also have lost the last answer before it stored it, so it repeats that request too.
   */
  async askAgain(): Promise<void> {
    const { spent, grant } = this.#held;
    if (spent !== undefined) await this.#refresh(grant, spent);
  }

  #begin(): Held {
    return { ...this.#desk.nextOffer(), tokens: undefined, spent: undefined, isRevoked: false };
  }

  async #connect(): Promise<boolean> {
    const { grant, code } = this.#held;
    const answer = await this.#note(grant, { kind: "redeem" }, () => this.#desk.redeem(code), readTokens);
    if (answer.outcome.is === "refused") this.#held = this.#begin();
    if (answer.tokens !== undefined) this.#held.tokens = answer.tokens;
    return answer.outcome.is !== "unknown";
  }

  /** A `parallel` of 2 is like two processes that share a token. */
  async #rotate({ refresh_token: spent }: Tokens, parallel: number): Promise<boolean> {
    const { grant } = this.#held;
    this.#held.spent = undefined;
    const answers = await Promise.all(Array.from({ length: parallel }, () => this.#refresh(grant, spent)));
    const received = answers.find(({ tokens }) => tokens !== undefined)?.tokens;
    if (received !== undefined) Object.assign(this.#held, { tokens: received, spent });
    if (answers.some(({ outcome }) => outcome.is === "refused")) this.#held = this.#begin();
    return answers.every(({ outcome }) => outcome.is !== "unknown");
  }

  async #use({ access_token: accessToken }: Tokens): Promise<boolean> {
    this.#held.spent = undefined;
    const ask: Ask = { kind: "introspect", generation: generationOf(accessToken) };
    const { outcome } = await this.#note(this.#held.grant, ask, () => this.#desk.introspect(accessToken), readVerdict);
    return outcome.is !== "unknown";
  }

  /** Revokes, checks that the tokens are inactive, and begins with a new grant. */
  async #disconnect(): Promise<boolean> {
    const { grant, tokens } = this.#held;
    this.#held.isRevoked = true;
    this.#held.spent = undefined;
    const { outcome } = await this.#note(
      grant,
      { kind: "revoke" },
      () => this.#desk.revoke(tokens!.refresh_token),
      readDone,
    );
    if (outcome.is === "unknown") return false;
    const [used, refreshed] = await Promise.all([this.#use(tokens!), this.#refresh(grant, tokens!.refresh_token)]);
    if (!used || refreshed.outcome.is === "unknown") return false;
    this.#held = this.#begin();
    return true;
  }

  #refresh(grant: GrantId, refreshToken: string): Promise<Answer> {
    return this.#note(
      grant,
      { kind: "refresh", generation: generationOf(refreshToken) },
      () => this.#desk.refresh(refreshToken),
      readTokens,
    );
  }

  async #note(grant: GrantId, ask: Ask, send: () => Promise<Reply>, read: (reply: Reply) => Answer): Promise<Answer> {
    let answer: Answer = { outcome: { is: "unknown" } };
    await this.#history.note(grant, ask, async () => {
      const reply = await send().catch(() => undefined);
      if (reply !== undefined && reply.status !== 503) answer = read(reply);
      return answer.outcome;
    });
    return answer;
  }
}

type Answer = { outcome: Outcome; tokens?: Tokens };

function readTokens({ status, body }: Reply): Answer {
  if (status === 400 && body.includes('"error":"invalid_grant"')) return { outcome: { is: "refused" } };
  if (status !== 200) throw new Error(`A token request was answered with ${status} ${body}`);
  const tokens = JSON.parse(body) as Tokens;
  return {
    outcome: { is: "tokens", generation: generationOf(tokens.refresh_token), refreshToken: tokens.refresh_token },
    tokens,
  };
}

function readVerdict({ status, body }: Reply): Answer {
  if (status !== 200) throw new Error(`An introspection was answered with ${status} ${body}`);
  return { outcome: { is: "verdict", active: (JSON.parse(body) as { active: boolean }).active } };
}

function readDone({ status, body }: Reply): Answer {
  if (status !== 200) throw new Error(`A revocation was answered with ${status} ${body}`);
  return { outcome: { is: "done" } };
}

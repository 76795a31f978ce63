import type { AccountId } from "@symbolon/protocol";
import { openSqliteStore, type SqliteStore } from "@symbolon/store-sqlite";
import { seededRandom, type SeededRandom } from "@symbolon/testing";
import { join } from "node:path";
import type { Tokens } from "../harness/client.ts";
import type { DataDirectory } from "../harness/data-directory.ts";
import type { Reply } from "../harness/connection.ts";
import { PipelinedClient } from "../harness/pipelined-client.ts";
import { formPost, introspectRequest, redeemRequest, refreshRequest, revokeRequest } from "../harness/requests.ts";
import { stoodStill as isStandstill } from "../harness/send.ts";
import { activateGrants, nowSeconds, offerCodes } from "../harness/population.ts";
import { addAccount, addApplication, addResourceServer, type Credentials } from "../harness/registration.ts";

/** Answers of a server that detected a standstill, as on an overloaded machine. */
export const stoodStill = "turned away after a standstill";

type Held = { client: Credentials; tokens: Tokens };

const connections = 16;
const tickMs = 10;
/** More than are redeemed until the next ones come. */
const codesAtOnce = 3_000;
const mostUnderWay = 300;
const shares = [
  ["introspect", 40],
  ["refresh", 35],
  ["credentials", 8],
  ["come or go", 7],
  ["error", 10],
] as const;
type Action = Exclude<(typeof shares)[number][0], "come or go"> | "connect" | "disconnect";
/** Ended grants stay for a week; this much later they may go, while those that are alive are not idle yet. */
const weekAndADay = 8 * 86_400;

/**
 * The load of a deployment: introspection, refresh, redemption, revocation, client credentials, mistakes; new and
 * closed connections; new applications.
 */
export class SoakLoad {
  /** Answers by status, and by what was asked. */
  readonly answers = new Map<string, number>();
  /** Of the answers since the last look, in milliseconds. */
  latencies: number[] = [];
  connected = 0;
  readonly #random: SeededRandom = seededRandom(20_261_122);
  readonly #held: Held[] = [];
  readonly #codes: { client: Credentials; code: string }[] = [];
  readonly #clientConnections: PipelinedClient[] = [];
  readonly #data: DataDirectory;
  readonly #store: SqliteStore;
  readonly #port: number;
  #clients: Credentials[] = [];
  /** The number of active grants is kept, so that neither the load nor the server grows by itself. */
  #wanted = 0;
  #resourceServer!: Credentials;
  #owner!: AccountId;
  #turn = 0;
  #underWay = 0;

  constructor(data: DataDirectory, port: number) {
    this.#data = data;
    this.#port = port;
    this.#store = openSqliteStore({ path: join(data.path, "symbolon.sqlite"), patienceMs: 60_000 });
  }

  async prepare(grants: number): Promise<void> {
    this.#owner = await addAccount(this.#data, "ada@example.com");
    this.#resourceServer = await addResourceServer(this.#data);
    await this.churnClients();
    const client = this.#clients[0]!;
    const tokens = await activateGrants(this.#data, this.#store, client, this.#owner, grants);
    this.#held.push(...tokens.map((one) => ({ client, tokens: one })));
    this.#wanted = grants;
    for (let count = 0; count < connections; count++) this.#clientConnections.push(new PipelinedClient(this.#port));
  }

  /** Adds an application with codes and retires the oldest of ten; replaces the oldest connection by a new one. */
  async churnClients(): Promise<void> {
    const client = await addApplication(this.#data);
    this.#clients = [client, ...this.#clients].slice(0, 10);
    const codes = await offerCodes(
      this.#data,
      this.#store,
      client,
      this.#owner,
      codesAtOnce - this.#codes.length,
      30 * 86_400,
    );
    this.#codes.push(...codes.map((code) => ({ client, code })));
    const leaving = this.#clientConnections.shift();
    if (leaving === undefined) return;
    this.#clientConnections.push(new PipelinedClient(this.#port));
    leaving.closeWhenIdle();
  }

  /** Removes the rows of ended grants as if a week had passed, so that an hour shows the database of a year. */
  async letAWeekPass(): Promise<void> {
    for (let turn = 0; turn < 8; turn++) await this.#store.sweep(nowSeconds() + weekAndADay, 10_000);
  }

  /** Sends `perSecond` requests a second until `isOver`; fewer if the server cannot keep up. */
  async run(perSecond: number, isOver: () => boolean): Promise<void> {
    let owed = 0;
    for (let before = performance.now(); !isOver();) {
      await new Promise((resolve) => setTimeout(resolve, tickMs));
      const now = performance.now();
      owed = Math.min(owed + ((now - before) / 1000) * perSecond, perSecond);
      before = now;
      for (; owed >= 1 && this.#underWay < mostUnderWay; owed--) void this.#act();
    }
    while (this.#underWay > 0) await new Promise((resolve) => setTimeout(resolve, tickMs));
  }

  async close(): Promise<void> {
    for (const connection of this.#clientConnections) connection.close();
    await this.#store.close();
  }

  async #act(): Promise<void> {
    const action = this.#choose();
    const startedMs = performance.now();
    this.#underWay++;
    try {
      const { status, body } = await this.#perform(action);
      this.latencies.push(performance.now() - startedMs);
      const name = isStandstill({ status, body }) ? stoodStill : `${action} ${status}`;
      this.answers.set(name, (this.answers.get(name) ?? 0) + 1);
    } finally {
      this.#underWay--;
    }
  }

  #choose(): Action {
    let dice = this.#random.below(100);
    const chosen = shares.find(([, share]) => (dice -= share) < 0)![0];
    if (chosen !== "come or go") return chosen;
    return this.#held.length < this.#wanted && this.#codes.length > 0 ? "connect" : "disconnect";
  }

  async #perform(action: Action): Promise<Reply> {
    const at = this.#random.below(Math.max(1, this.#held.length));
    const held = this.#held[at];
    if (action === "credentials")
      return this.#token(this.#clients[this.#random.below(this.#clients.length)]!, "grant_type=client_credentials");
    if (action === "connect") return this.#connect();
    if (action === "error" || held === undefined) return this.#mistake();
    if (action === "introspect")
      return this.#send(introspectRequest(this.#port, this.#resourceServer, held.tokens.access_token));
    this.#held[at] = this.#held.at(-1)!;
    this.#held.pop();
    if (action === "disconnect") return this.#send(revokeRequest(this.#port, held.client, held.tokens.refresh_token));
    const reply = await this.#send(refreshRequest(this.#port, held.client, held.tokens.refresh_token));
    if (reply.status === 200) this.#held.push({ client: held.client, tokens: JSON.parse(reply.body) as Tokens });
    return reply;
  }

  async #connect(): Promise<Reply> {
    const offer = this.#codes.pop()!;
    const reply = await this.#send(redeemRequest(this.#port, offer.client, offer.code));
    if (reply.status !== 200) return reply;
    this.connected++;
    this.#held.push({ client: offer.client, tokens: JSON.parse(reply.body) as Tokens });
    return reply;
  }

  /** An unknown token, an unknown client, an unknown path, or a malformed form. */
  #mistake(): Promise<Reply> {
    const unknown = { id: `app_${this.#turn}` as Credentials["id"], secret: "wrong" };
    const mistakes = [
      () => this.#send(refreshRequest(this.#port, this.#clients[0]!, `sym_rt_${"A".repeat(64)}`)),
      () => this.#token(unknown, "grant_type=client_credentials"),
      () => this.#send(formPost(this.#port, `/nothing/${this.#turn}`, unknown, "a=b")),
      () => this.#token(this.#clients[0]!, "grant_type=%zz&grant_type=x"),
    ];
    return mistakes[this.#random.below(mistakes.length)]!();
  }

  #token(client: Credentials, form: string): Promise<Reply> {
    return this.#send(formPost(this.#port, "/oauth/token", client, form));
  }

  #send(request: string): Promise<Reply> {
    return this.#clientConnections[this.#turn++ % this.#clientConnections.length]!.send(request);
  }
}

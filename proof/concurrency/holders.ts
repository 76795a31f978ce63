import type { PlainClient, Tokens } from "../harness/client.ts";
import { generationOf } from "../harness/registration.ts";
import type { ScriptedBrowser } from "../harness/scripted-browser.ts";
import type { ServerProcess } from "../harness/server.ts";

/** A client that refreshes repeatedly and records what it sent and received. */
export class Holder {
  /** The newest pair that was acknowledged. */
  held: Tokens;
  /** The refresh token that was exchanged for `held`; undefined if `held` came from a code. */
  spent: string | undefined;
  /** Whether a refresh with `held` was sent and its answer never came. */
  isUnsure = false;
  readonly #client: PlainClient;

  constructor(client: PlainClient, first: Tokens) {
    this.#client = client;
    this.held = first;
  }

  /** Refreshes once. Returns whether an answer came; throws if it is not the next generation. */
  async refresh(server: ServerProcess): Promise<boolean> {
    this.isUnsure = true;
    const { refresh_token: presented } = this.held;
    const answer = await this.#client.refresh(server, presented).catch(lost);
    if (answer === undefined) return false;
    this.held = this.#client.tokensOf(answer);
    this.spent = presented;
    this.isUnsure = false;
    const [from, to] = [generationOf(presented), generationOf(this.held.refresh_token)];
    if (to !== from + 1) throw new Error(`Generation ${from} was followed by ${to}.`);
    return true;
  }
}

/** A client that redeems codes and revokes grants, and records which are active and which are revoked. */
export class Comer {
  readonly alive: Tokens[] = [];
  readonly dead: Tokens[] = [];
  readonly #client: PlainClient;
  readonly #browser: ScriptedBrowser;
  readonly #email: string;

  constructor(client: PlainClient, browser: ScriptedBrowser, email: string) {
    this.#client = client;
    this.#browser = browser;
    this.#email = email;
  }

  /** Connects twice and disconnects once. Answers whether every answer came. */
  async comeAndGo(server: ServerProcess): Promise<boolean> {
    const staying = await this.#connect(server);
    if (staying === undefined) return false;
    this.alive.push(staying);
    const leaving = await this.#connect(server);
    if (leaving === undefined) return false;
    const revocation = await this.#client.revoke(server, leaving.refresh_token).catch(lost);
    if (revocation === undefined) return false;
    if (revocation.status !== 200)
      throw new Error(`The revocation was answered with ${revocation.status} ${revocation.body}`);
    this.dead.push(leaving);
    return true;
  }

  async #connect(server: ServerProcess): Promise<Tokens | undefined> {
    const code = await this.#client.obtainCode(server, this.#browser, this.#email).catch(lost);
    const answer = code === undefined ? undefined : await this.#client.redeem(server, code).catch(lost);
    return answer === undefined ? undefined : this.#client.tokensOf(answer);
  }
}

/** Broken connections are expected; every other exception fails the test. */
function lost(error: Error & { code?: string }): undefined {
  const isBroken =
    ["ECONNRESET", "ECONNREFUSED", "EPIPE"].includes(error.code ?? "") || error.message === "The answer was cut short.";
  if (!isBroken) throw error;
}

import { createHash, randomBytes } from "node:crypto";
import { jsonOf, type Answer } from "./send.ts";
import type { Credentials } from "./registration.ts";
import type { ScriptedBrowser } from "./scripted-browser.ts";
import type { ServerProcess } from "./server.ts";

export type Tokens = { access_token: string; refresh_token: string; expires_in: number };

/**
 * An application written out in plain requests, so that a test decides what is sent, to which process, and how often.
 */
export class PlainClient {
  readonly #credentials: Credentials;
  readonly #redirectUri: string;

  constructor(credentials: Credentials, redirectUri = "https://app.example/cb") {
    this.#credentials = credentials;
    this.#redirectUri = redirectUri;
  }

  /** A fresh code, and what redeems it. A session and an earlier consent make this a single request. */
  async obtainCode(
    server: ServerProcess,
    browser: ScriptedBrowser,
    email: string,
  ): Promise<{ code: string; verifier: string }> {
    const verifier = randomBytes(32).toString("base64url");
    const asked = new URLSearchParams({
      response_type: "code",
      client_id: this.#credentials.id,
      redirect_uri: this.#redirectUri,
      code_challenge: createHash("sha256").update(verifier).digest("base64url"),
      code_challenge_method: "S256",
      state: randomBytes(8).toString("hex"),
    });
    const left = await browser.allow(`${server.url}/oauth/authorize?${asked}`, { email });
    const code = left.searchParams.get("code");
    if (code === null) throw new Error(`The server refused: ${left}`);
    return { code, verifier };
  }

  async obtainTokens(server: ServerProcess, browser: ScriptedBrowser, email: string): Promise<Tokens> {
    return this.tokensOf(await this.redeem(server, await this.obtainCode(server, browser, email)));
  }

  redeem(server: ServerProcess, { code, verifier }: { code: string; verifier: string }): Promise<Answer> {
    return this.#post(server, "/oauth/token", {
      grant_type: "authorization_code",
      code,
      code_verifier: verifier,
      redirect_uri: this.#redirectUri,
    });
  }

  refresh(server: ServerProcess, refreshToken: string): Promise<Answer> {
    return this.#post(server, "/oauth/token", { grant_type: "refresh_token", refresh_token: refreshToken });
  }

  revoke(server: ServerProcess, token: string): Promise<Answer> {
    return this.#post(server, "/oauth/revoke", { token });
  }

  tokensOf(answer: Answer): Tokens {
    if (answer.status !== 200) throw new Error(`Expected tokens, got ${answer.status} ${answer.body}`);
    return jsonOf<Tokens>(answer);
  }

  #post(server: ServerProcess, path: string, form: Record<string, string>): Promise<Answer> {
    return server.send("POST", path, { form, headers: { authorization: basicOf(this.#credentials) } });
  }
}

/** Whether a resource server is told that the token is good. Anything but an answer to the question is an error. */
export async function isActive(server: ServerProcess, resourceServer: Credentials, token: string): Promise<boolean> {
  const answer = await server.send("POST", "/oauth/introspect", {
    form: { token },
    headers: { authorization: basicOf(resourceServer) },
  });
  if (answer.status !== 200) throw new Error(`Introspection answered ${answer.status} ${answer.body}`);
  return jsonOf<{ active: boolean }>(answer).active;
}

const basicOf = ({ id, secret }: Credentials): string => `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`;

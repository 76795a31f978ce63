import { randomBytes } from "node:crypto";
import { allow, newAttempt, readCode, signIn } from "../src/demo/authorization.ts";
import { newBrowser } from "../src/demo/browser.ts";
import { discover } from "../src/demo/client.ts";
import type { DemoCredentials, RunningServer } from "./start-server.ts";

export type TokenAnswer = { status: number; body: Record<string, unknown> };

/** POST /oauth/token with HTTP Basic. */
export async function tokenRequest(
  server: Pick<RunningServer, "url">,
  client: { id: string; secret: string },
  form: Record<string, string>,
): Promise<TokenAnswer> {
  const response = await fetch(`${server.url}/oauth/token`, {
    method: "POST",
    headers: { authorization: `Basic ${btoa(`${client.id}:${client.secret}`)}` },
    body: new URLSearchParams(form),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

export type Tokens = { access_token: string; refresh_token: string; code: string };

/** Signs the demo account in, allows the demo application, redeems the code. */
export async function obtainTokens(server: Pick<RunningServer, "url">, demo: DemoCredentials): Promise<Tokens> {
  const endpoints = await discover(server.url);
  const browser = newBrowser(endpoints.issuer);
  const attempt = newAttempt(endpoints, demo, randomBytes);
  const consent = await signIn(await browser.open(attempt.url), demo, browser);
  const code = readCode(await allow(consent, browser), attempt, endpoints);
  const { status, body } = await tokenRequest(server, clientOf(demo), {
    grant_type: "authorization_code",
    code,
    code_verifier: attempt.verifier,
    redirect_uri: attempt.redirectUri,
  });
  if (status !== 200) throw new Error(`The code was not redeemed: ${JSON.stringify(body)}`);
  return { access_token: String(body["access_token"]), refresh_token: String(body["refresh_token"]), code };
}

export const clientOf = (demo: DemoCredentials) => ({ id: demo.client_id, secret: demo.client_secret });

export const refreshRequest = (
  server: Pick<RunningServer, "url">,
  demo: DemoCredentials,
  refreshToken: string,
): Promise<TokenAnswer> =>
  tokenRequest(server, clientOf(demo), { grant_type: "refresh_token", refresh_token: refreshToken });

/** The status of GET /oauth/token_info: 200 while the access token is good. */
export async function useToken(server: Pick<RunningServer, "url">, accessToken: string): Promise<number> {
  const response = await fetch(`${server.url}/oauth/token_info`, {
    headers: { authorization: `Bearer ${accessToken}` },
  });
  await response.body?.cancel();
  return response.status;
}

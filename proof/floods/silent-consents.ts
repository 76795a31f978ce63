import { randomBytes } from "node:crypto";
import { Agent } from "node:http";
import { redirectUri, verifier } from "../harness/population.ts";
import { ScriptedBrowser } from "../harness/scripted-browser.ts";
import { jsonOf, sendTo, type Send } from "../harness/send.ts";
import { atRate, type Flood, type GoodClient } from "./flood.ts";
import { basicOf, challengeOf, ownerEmail, usualClients } from "./good-clients.ts";

/** The challenge of no verifier: its code cannot be redeemed, but it is a request of its own. */
const anyChallenge = (): string => randomBytes(32).toString("base64url");

export const silentConsents: Flood = {
  name: "silent-consents",
  title: "OP-16: 200 requests a second with prompt=none of one signed-in browser, half of them the same request",
  steps: 6_000,
  env: { SYMBOLON_TRUSTED_PROXIES: "127.0.0.1" },
  async prepare(target) {
    const { data, server } = target;
    const { app, good } = await usualClients(target, { "x-forwarded-for": "198.51.100.9" });
    const agent = new Agent({ keepAlive: true, maxSockets: 32 });
    const from =
      (network: () => string): Send =>
      (method, path, options = {}) =>
        sendTo(server.url, agent)(method, path, {
          ...options,
          headers: { ...options.headers, "x-forwarded-for": network() },
          once: true,
        });
    const request = challengeOf(app.id);
    const signIn = async (send: Send) => {
      const browser = new ScriptedBrowser(send, [server.url]);
      await browser.allow(new URL(`/oauth/authorize?${request}`, server.url), { email: ownerEmail });
      return browser;
    };
    const silently = async (browser: ScriptedBrowser, more: Record<string, string>) => {
      const asked = new URLSearchParams({ ...Object.fromEntries(request), prompt: "none", ...more });
      return (await browser.allow(new URL(`/oauth/authorize?${asked}`, server.url), { email: ownerEmail }))
        .searchParams;
    };
    // From 64 networks in turn: the limit of pages per network would hide the rows.
    let sent = 0;
    const attacker = await signIn(from(() => `203.0.113.${sent++ % 64}`));
    const ofOwner = from(() => "198.51.100.1");
    const owner = await signIn(ofOwner);
    const rows = () =>
      data.withStore(async ({ grants }) => (await grants.list({ state: "offered", limit: 100_000 })).length);
    const person: GoodClient = {
      name: "owner in another browser, from request to tokens",
      everyMs: 250,
      request: async () => {
        const code = (await silently(owner, { state: anyChallenge() })).get("code")!;
        const form = { grant_type: "authorization_code", code, code_verifier: verifier, redirect_uri: redirectUri };
        const answer = await ofOwner("POST", "/oauth/token", {
          form,
          headers: { authorization: basicOf(app) },
          once: true,
        });
        return answer.status === 200 && jsonOf(answer)["refresh_token"] !== undefined;
      },
    };
    return {
      good: [...good, person],
      attack: async (steps, note) => {
        const codes = new Set<string>();
        await atRate({ steps, perSecond: 200, atOnce: 32 }, async (index) => {
          const answer = await silently(attacker, index % 2 === 0 ? {} : { code_challenge: anyChallenge() });
          const code = answer.get("code");
          note(code === null ? answer.get("error")! : "code");
          if (code !== null && index % 2 === 0) codes.add(code);
        });
        for (let count = 0; count < codes.size; count++) note("code of the same request");
        for (let left = await rows(); left > 0; left--) note("row left");
      },
    };
  },
};

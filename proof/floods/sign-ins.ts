import { Agent } from "node:http";
import { challengeOf, ownerEmail, usualClients } from "./good-clients.ts";
import { ScriptedBrowser } from "../harness/scripted-browser.ts";
import { sendTo, type Answer, type Send } from "../harness/send.ts";
import { atRate, type Flood, type GoodClient, type Target } from "./flood.ts";

/** A network of its own for each address: the server trusts this computer to forward addresses. */
const from =
  (address: string, agent: Agent, { server }: Target): Send =>
  (method, path, options = {}) =>
    sendTo(server.url, agent)(method, path, {
      ...options,
      headers: { ...options.headers, "x-forwarded-for": address },
      once: true,
    });

const attackers = { one: "203.0.113.7", of48: (at: number) => `2001:db8:bad:${(at % 64).toString(16)}::1` };

export const signIns: Flood = {
  name: "sign-ins",
  title: "OP-14: 100 failing sign-ins a second: made-up addresses from one network, the owner's from 64 of one /48",
  steps: 3_000,
  env: { SYMBOLON_TRUSTED_PROXIES: "127.0.0.1" },
  async prepare(target) {
    const { app, good } = await usualClients(target, { "x-forwarded-for": "198.51.100.9" });
    const url = `/oauth/authorize?${challengeOf(app.id)}`;
    const signIn = async (browser: ScriptedBrowser) => {
      const left = await browser.allow(new URL(url, target.server.url), { email: ownerEmail });
      return left.searchParams.has("code");
    };
    const agent = new Agent({ keepAlive: true });
    const browserAt = (address: string) => new ScriptedBrowser(from(address, agent, target), [target.server.url]);
    const known = browserAt(attackers.one);
    await signIn(known);
    const owners: GoodClient[] = [
      { name: "owner, new browser elsewhere", everyMs: 500, request: () => signIn(browserAt("198.51.100.1")) },
      { name: "owner, known device in the attacker's network", everyMs: 500, request: () => signIn(known) },
    ];
    return {
      good: [...good, ...owners],
      attack: async (steps, note) => {
        const attacking = new Agent({ keepAlive: true, maxSockets: 128 });
        const page = await from(attackers.one, attacking, target)("GET", url, { headers: { accept: "text/html" } });
        const { form, cookie } = signInFormOf(page);
        await atRate({ steps, perSecond: 100, atOnce: 128 }, async (index) => {
          const [network, email] =
            index % 2 === 0 ? [attackers.one, `user${index}@example.com`] : [attackers.of48(index), ownerEmail];
          const send = from(network, attacking, target);
          const typed = { ...form, email, password: "Spring2026!" };
          note(
            (await send("POST", "/oauth/sign-in", { form: typed, headers: { accept: "text/html", cookie } })).status,
          );
        });
      },
    };
  },
};

function signInFormOf({ body, headers }: Answer): { form: Record<string, string>; cookie: string } {
  const markup = body.split("<form").find((part) => part.includes('name="password"')) ?? "";
  const hidden = markup.split("</form>")[0]!.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g);
  const form = Object.fromEntries(
    [...hidden].map(([, name = "", value = ""]) => [name, value.replaceAll("&amp;", "&")]),
  );
  return { form, cookie: (headers["set-cookie"] ?? []).map((line) => line.split(";")[0]).join("; ") };
}

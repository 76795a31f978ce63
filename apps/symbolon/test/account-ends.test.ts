import { readFileSync } from "node:fs";
import { join } from "node:path";
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newAttempt, signIn } from "../src/demo/authorization.ts";
import { newBrowser, type Browser, type Visit } from "../src/demo/browser.ts";
import { discover } from "../src/demo/client.ts";
import { runJson, runSymbolon, startServer, type DemoCredentials, type RunningServer } from "./start-server.ts";
import { obtainTokens, refreshRequest, useToken, type Tokens } from "./token-life.ts";

let server: RunningServer;
let demo: DemoCredentials;
beforeAll(async () => {
  server = await startServer();
  demo = server.demo!;
});
afterAll(async () => void (await server.stop()));

const here = (input = "") => ({ data: server.data, input });
const person = { email: "", password: "correct horse battery" };

/** A new person, signed in with one browser, who has connected the demo application and uses it. */
async function connected(
  name: string,
): Promise<{ mine: DemoCredentials; sub: string; tokens: Tokens; isSignedIn(): Promise<boolean> }> {
  const mine = { ...demo, ...person, email: `${name}@example.com` };
  const { sub } = await runJson<{ sub: string }>(
    ["account", "create", "--email", mine.email, "--password-stdin"],
    here(mine.password),
  );
  const tokens = await obtainTokens(server, mine);
  expect(await useToken(server, tokens.access_token)).toBe(200);
  const endpoints = await discover(server.url);
  const browser = newBrowser(endpoints.issuer);
  const open = (): Promise<Visit> => browser.open(askingForConsent(newAttempt(endpoints, mine, randomBytes).url));
  await signIn(await open(), mine, browser);
  const isSignedIn = async (): Promise<boolean> => isConsent(await open());
  expect(await isSignedIn()).toBe(true);
  return { mine, sub, tokens, isSignedIn };
}
const askingForConsent = (url: URL): URL => {
  url.searchParams.set("prompt", "consent");
  return url;
};
const isConsent = (visit: Visit): boolean => visit.at === "page" && visit.html.includes("/oauth/consent");

/** The browser at the sign-in page with these credentials: whether it gets any further. */
async function canSignIn(who: DemoCredentials): Promise<boolean> {
  const endpoints = await discover(server.url);
  const browser: Browser = newBrowser(endpoints.issuer);
  const page = await browser.open(askingForConsent(newAttempt(endpoints, who, randomBytes).url));
  return await signIn(page, who, browser).then(isConsent, () => false);
}

async function expectAllDead({ mine, tokens, isSignedIn }: Awaited<ReturnType<typeof connected>>): Promise<void> {
  expect(await useToken(server, tokens.access_token)).toBe(401);
  expect((await refreshRequest(server, mine, tokens.refresh_token)).status).toBe(400);
  expect(await isSignedIn()).toBe(false);
}

describe("WB-17: what ends an account ends its sessions, grants and tokens at once, in a server that has them in memory", () => {
  test("a new password, after which the old one is refused", async () => {
    const ann = await connected("ann");
    expect(
      await runJson(["account", "password", ann.mine.email, "--password-stdin"], here("another long password")),
    ).toMatchObject({ sub: ann.sub, revoked_grants: 1 });
    await expectAllDead(ann);
    expect(await canSignIn(ann.mine)).toBe(false);
    expect(await canSignIn({ ...ann.mine, password: "another long password" })).toBe(true);
    expect(JSON.stringify(await runJson(["token", "explain", ann.tokens.refresh_token], here()))).toContain(
      "password_changed",
    );
  });

  test("suspension, after which a resumed account signs in again and its grants stay revoked", async () => {
    const bea = await connected("bea");
    expect(await runJson(["account", "suspend", bea.sub], here())).toMatchObject({
      suspended: true,
      revoked_grants: 1,
    });
    await expectAllDead(bea);
    expect(await canSignIn(bea.mine)).toBe(false);
    expect(await runJson(["account", "resume", bea.mine.email], here())).toMatchObject({ suspended: false });
    await expectAllDead(bea);
    expect(await canSignIn(bea.mine)).toBe(true);
  });

  test("ST-08: deletion with --yes, after which a new account with the address has no access to the old grants", async () => {
    const cleo = await connected("cleo");
    const asked = await runSymbolon(["account", "delete", cleo.mine.email], here());
    expect([asked.code, asked.stderr]).toEqual([2, expect.stringContaining("--yes")]);
    expect(await useToken(server, cleo.tokens.access_token)).toBe(200);
    expect(await runJson(["account", "delete", cleo.mine.email, "--yes"], here())).toMatchObject({
      sub: cleo.sub,
      deleted: true,
      revoked_grants: 1,
    });
    await expectAllDead(cleo);
    const again = await connected("cleo");
    expect(again.sub).not.toBe(cleo.sub);
    expect(await useToken(server, cleo.tokens.access_token)).toBe(401);
    await runJson(["account", "delete", again.sub, "--yes"], here());
    await server.stop();
    server = await startServer({ data: server.data });
    expect(readFileSync(join(server.data, "symbolon.sqlite"), "latin1")).not.toContain("cleo@example.com");
  });
});

describe("account list", () => {
  test("lists accounts without a hash, and the other commands name an unknown account", async () => {
    const listed = await runSymbolon(["account", "list", "--json"], here());
    expect(
      (JSON.parse(listed.stdout) as { accounts: { email: string }[] }).accounts.map(({ email }) => email),
    ).toContain("ann@example.com");
    expect(listed.stdout).not.toContain("argon2");
    for (const verb of ["suspend", "resume", "delete"]) {
      const { code, stderr } = await runSymbolon(["account", verb, "unknown@example.com"], here());
      expect([code, stderr]).toEqual([1, expect.stringContaining("There is no account unknown@example.com")]);
    }
    expect((await runSymbolon(["account", "password", "ann@example.com"], here())).stderr).toContain(
      "--password-stdin is needed",
    );
  });
});

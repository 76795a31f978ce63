import { beforeEach, describe, expect, test } from "vitest";
import { authorizeUrl, browserOf, hiddenFields, post, redeem, signIn, type Browser } from "../../test/flows.ts";
import { makeWorld, password, type World } from "../../test/world.ts";
import { watchedStore } from "../../test/watched-store.ts";

let world: World;
let watched: ReturnType<typeof watchedStore>;
let browser: Browser;
beforeEach(async () => {
  watched = watchedStore();
  world = await makeWorld({ store: watched.store });
  await world.addApplication("app_one");
  await world.addAccount("none@example.com");
  await world.addAccount("one@example.com", ["Company/one"]);
  await world.addAccount("two@example.com", ["Company/first", "Company/second"]);
  browser = browserOf(world);
});

const open = async (email: string, parameters: Record<string, string> = {}) =>
  hiddenFields((await signIn(browser, authorizeUrl("app_one", parameters), email)).body);
const answer = (fields: Record<string, string>, more: Record<string, string>, headers?: Record<string, string>) =>
  browser.post("/oauth/consent", { ...fields, ...more }, headers);
const grants = () => world.store.grants.list({ limit: 10 });
const codeIn = (location: string) => /[?&]code=([^&#]+)/.exec(location)?.[1];
const expectRefused = async (
  page: { status: number; location: string; body: string },
  status: number,
  reason: string,
) => {
  expect(page).toMatchObject({ status, location: "" });
  expect(page.body).toContain(`<p>${reason}</p>`);
  expect(await grants()).toEqual([]);
};

/** The page is shown once more, for who is signed in now; nothing is granted. */
const expectShownAgain = async (page: { status: number; location: string; body: string }) => {
  expect(page).toMatchObject({ status: 403, location: "" });
  expect(page.body).toContain("<h1>Consent</h1>");
  expect(page.body).toContain("form_outdated");
  expect(await grants()).toEqual([]);
  expect(world.eventNames()).toContain("authorize.refused");
};

describe("RFC 6749 §4.1.1: the user decides", () => {
  test("allow redirects with a code that can be redeemed", async () => {
    const { location } = await answer(await open("none@example.com"), { decision: "allow" });
    expect((await redeem(world, "app_one", codeIn(location)!)).status).toBe(200);
    expect(world.eventNames()).toContain("authorize.granted");
  });
  test("deny redirects with access_denied, and stores no grant", async () => {
    const { location } = await answer(await open("none@example.com"), { decision: "deny" });
    expect(new URL(location).searchParams.get("error")).toBe("access_denied");
    expect(await grants()).toEqual([]);
    expect(world.eventNames()).toContain("authorize.denied");
  });
  test.each(["", "yes", "ALLOW"])(
    "shows the page again for a decision of %j, and stores no grant",
    async (decision) => {
      const page = await answer(await open("none@example.com"), { decision });
      expect(page.body).toContain("<h1>Consent</h1>");
      expect(await grants()).toEqual([]);
    },
  );
});

describe("RFC 6749 §4.1.1: choosing a resource", () => {
  test("an account without resources gets a grant without one", async () => {
    await answer(await open("none@example.com"), { decision: "allow" });
    expect(await grants()).toMatchObject([{ resource: null }]);
  });
  test("the only resource is shown and granted, regardless of the form", async () => {
    await answer(await open("one@example.com"), { decision: "allow", resource: "Company/second" });
    expect(await grants()).toMatchObject([{ resource: "Company/one" }]);
  });
  test("of two, the chosen one is granted", async () => {
    await answer(await open("two@example.com"), { decision: "allow", resource: "Company/second" });
    expect(await grants()).toMatchObject([{ resource: "Company/second" }]);
  });
  test.each([
    ["no choice", {}],
    ["an empty choice", { resource: "" }],
    ["a resource of another account", { resource: "Company/one" }],
    ["an unknown resource", { resource: "Company/none" }],
    ["another case", { resource: "company/first" }],
  ])("asks again, and grants nothing, for two resources and %s", async (_, picked) => {
    const page = await answer(await open("two@example.com"), { decision: "allow", ...picked });
    expect(page.status).toBe(400);
    expect(page.body).toContain("choose_resource");
    expect(await grants()).toEqual([]);
  });
  test("asks again if two are chosen", async () => {
    const fields = new URLSearchParams({ ...(await open("two@example.com")), decision: "allow" });
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const page = await post(world, "/oauth/consent", `${fields}&resource=Company%2Ffirst&resource=Company%2Fsecond`, {
      cookie,
    });
    expect(page.body).toContain("choose_resource");
    expect(await grants()).toEqual([]);
  });
  test("shows the form again if the resources have changed since the page was shown", async () => {
    const fields = await open("one@example.com");
    watched.edits.account = (account) => ({
      ...account,
      resources: [{ ...account.resources[0]!, name: "Company/other" as never }],
    });
    await expectShownAgain(await answer(fields, { decision: "allow" }));
  });
});

describe("WB-01, AP-18, RFC 9700 §4.7: refuses a form that was not shown in this session", () => {
  test("without a CSRF value", async () =>
    expectShownAgain(await answer(await open("none@example.com"), { decision: "allow", csrf: "" })));
  test("with the value of another session", async () => {
    const mine = await open("none@example.com");
    const other = browserOf(world);
    const theirs = hiddenFields((await signIn(other, authorizeUrl("app_one"), "one@example.com")).body);
    await expectShownAgain(await answer(mine, { decision: "allow", csrf: theirs["csrf"]! }));
    await expectShownAgain(await other.post("/oauth/consent", { ...mine, decision: "allow" }));
  });
  test("with the values of two tabs swapped", async () => {
    const [x, y] = [
      await open("none@example.com", { scope: "read" }),
      hiddenFields((await browser.get(authorizeUrl("app_one", { scope: "write" }))).body),
    ];
    await expectShownAgain(await answer(x, { decision: "allow", transaction: y["transaction"]! }));
    await answer(x, { decision: "allow" });
    expect(await grants()).toMatchObject([{ scope: ["read"] }]);
  });
  test("with the value of the sign-in page", async () => {
    const signInFields = hiddenFields((await browser.get(authorizeUrl("app_one"))).body);
    await open("none@example.com");
    await expectShownAgain(await answer(signInFields, { decision: "allow" }));
  });
  test.each([["cross-site"], ["same-site"], ["garbage"]])("Sec-Fetch-Site: %s", async (site) =>
    expectRefused(
      await answer(await open("none@example.com"), { decision: "allow" }, { "sec-fetch-site": site }),
      403,
      "cross_site_form",
    ),
  );
  test.each([
    "https://evil.example",
    "http://localhost:8788",
    "http://localhost:8787.evil.example",
    "http://evil.localhost:8787",
  ])("Origin: %s", async (origin) =>
    expectRefused(
      await answer(await open("none@example.com"), { decision: "allow" }, { origin }),
      403,
      "cross_site_form",
    ),
  );
  test("accepts this server's own Origin", async () =>
    expect(
      (
        await answer(
          await open("none@example.com"),
          { decision: "allow" },
          { origin: "http://localhost:8787", "sec-fetch-site": "same-origin" },
        )
      ).status,
    ).toBe(303));
});

describe("AP-18: the user has signed in again in another tab", () => {
  test("the form of the first tab grants nothing and is shown again, and the new form works", async () => {
    const firstTab = await browser.get(authorizeUrl("app_one", { state: "first" }));
    const secondTab = await browser.get(authorizeUrl("app_one", { state: "second" }));
    const signInOn = async (page: { body: string }, email: string) => {
      const { location } = await browser.post("/oauth/sign-in", { ...hiddenFields(page.body), email, password });
      return hiddenFields((await browser.get(location)).body);
    };
    const first = await signInOn(firstTab, "none@example.com");
    const second = await signInOn(secondTab, "none@example.com");

    const shownAgain = await answer(first, { decision: "allow" });
    await expectShownAgain(shownAgain);
    expect((await answer(hiddenFields(shownAgain.body), { decision: "allow" })).location).toContain("state=first");
    expect((await answer(second, { decision: "allow" })).location).toContain("state=second");
  });
  test("the form of the first user grants nothing after another has signed in, who can answer it", async () => {
    const [firstTab, secondTab] = [
      await browser.get(authorizeUrl("app_one")),
      await browser.get(authorizeUrl("app_one")),
    ];
    const { location } = await browser.post("/oauth/sign-in", {
      ...hiddenFields(firstTab.body),
      email: "none@example.com",
      password,
    });
    const first = hiddenFields((await browser.get(location)).body);
    await browser.post("/oauth/sign-in", { ...hiddenFields(secondTab.body), email: "one@example.com", password });
    const shownAgain = await answer(first, { decision: "allow" });
    await expectShownAgain(shownAgain);
    expect(shownAgain.body).toContain("one@example.com");
    expect((await answer(hiddenFields(shownAgain.body), { decision: "allow" })).status).toBe(303);
    expect(await grants()).toMatchObject([{ resource: "Company/one" }]);
  });
  test("the chosen resource stays chosen, if it is one of the account", async () => {
    const isChosen = (body: string) => /&#34;value&#34;:&#34;([^&]*)&#34;[^{}]*&#34;isChosen&#34;:true/.exec(body)?.[1];
    const fields = await open("two@example.com");
    const answered = (resource: string) => answer({ ...fields, csrf: "" }, { decision: "allow", resource });
    expect(isChosen((await answered("Company/second")).body)).toBe("Company/second");
    expect(isChosen((await answered("Company/one")).body)).toBeUndefined();
  });
});

describe("AP-18: posting consent without the steps before it", () => {
  test("refuses an empty form", async () =>
    expectRefused(await browser.post("/oauth/consent", {}), 403, "transaction_unknown"));
  test("refuses a decision alone, signed in or not", async () => {
    await expectRefused(await browser.post("/oauth/consent", { decision: "allow" }), 403, "transaction_unknown");
    await open("none@example.com");
    await expectRefused(await browser.post("/oauth/consent", { decision: "allow" }), 403, "transaction_unknown");
  });
  test("leads to the sign-in page if the browser is not signed in", async () => {
    const fields = await open("none@example.com");
    const page = await browserOf(world).post("/oauth/consent", { ...fields, decision: "allow" });
    expect(page.location).toMatch(/^\/oauth\/consent\?transaction=/);
    expect(await grants()).toEqual([]);
  });
});

describe("AZ-14, HT-13: the transaction must be genuine, unchanged and not expired", () => {
  const forged = (sealed: string, change: (transaction: Record<string, unknown>) => Record<string, unknown>) => {
    const [text = "", ...others] = sealed.split(".");
    const changed = JSON.stringify(change(JSON.parse(Buffer.from(text, "base64url").toString())));
    return [Buffer.from(changed).toString("base64url"), ...others].join(".");
  };
  const unsealed = (sealed: string) => sealed.slice(0, sealed.lastIndexOf("."));
  test.each<[string, (sealed: string) => string]>([
    [
      "with another redirect URI inside",
      (sealed) => forged(sealed, (transaction) => ({ ...transaction, redirectUri: "https://evil.example" })),
    ],
    [
      "with a wider scope inside",
      (sealed) => forged(sealed, (transaction) => ({ ...transaction, scope: ["read", "write", "admin"] })),
    ],
    ["with another state", (sealed) => sealed.replace(/\.[^.]*\./, ".eA.")],
    ["without its state", (sealed) => sealed.replace(/\.[^.]*\./, "..")],
    ["in another base64 spelling", (sealed) => sealed.replace(".", "=.")],
    ["without its MAC", (sealed) => unsealed(sealed)],
    ["with an empty MAC", (sealed) => `${unsealed(sealed)}.`],
    ["with a fourth part", (sealed) => `${sealed}.x`],
    [
      "with the MAC of another purpose",
      (sealed) => `${unsealed(sealed)}.${world.keyring.seal("csrf", unsealed(sealed))}`,
    ],
    ["of another server", () => `e30..${"A".repeat(43)}`],
  ])("a transaction %s is refused at every step", async (_, change) => {
    const fields = await open("none@example.com");
    const transaction = change(fields["transaction"]!);
    await expectRefused(await answer(fields, { decision: "allow", transaction }), 403, "transaction_unknown");
    await expectRefused(
      await browser.get(`/oauth/consent?transaction=${encodeURIComponent(transaction)}`),
      403,
      "transaction_unknown",
    );
    await expectRefused(await browser.post("/oauth/sign-in", { ...fields, transaction }), 403, "transaction_unknown");
    await expectRefused(await browser.post("/oauth/sign-out", { ...fields, transaction }), 403, "transaction_unknown");
  });
  test("ignores parameters of the request in the form", async () => {
    const { location } = await answer(await open("none@example.com"), {
      decision: "allow",
      redirect_uri: "https://evil.example",
      scope: "admin",
      state: "theirs",
      client_id: "app_other",
    });
    expect(location).toMatch(/^https:\/\/app\.example\/cb\?code=.*&state=s%20t%26ate&/);
  });
});

describe("AZ-14, AP-09: the registration is checked again when the user answers", () => {
  test.each<[string, typeof watched.edits.application, string, number]>([
    ["deleted", () => undefined, "client_unknown_at_authorize", 400],
    ["suspended", (application) => ({ ...application, suspendedAt: 1 }), "client_unknown_at_authorize", 400],
    [
      "without that redirect URI",
      (application) => ({ ...application, redirectUris: ["https://app.example/new"] }),
      "redirect_uri_unregistered",
      400,
    ],
  ])("refuses an application that is now %s", async (_, edit, reason, status) => {
    const fields = await open("none@example.com");
    watched.edits.application = edit;
    for (const decision of ["allow", "deny"]) await expectRefused(await answer(fields, { decision }), status, reason);
    await expectRefused(
      await browser.get(`/oauth/consent?transaction=${encodeURIComponent(fields["transaction"]!)}`),
      status,
      reason,
    );
  });
});

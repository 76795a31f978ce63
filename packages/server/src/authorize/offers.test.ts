import { beforeEach, describe, expect, test } from "vitest";
import { authorizeUrl, browserOf, hiddenFields, redeem, signIn, type Browser } from "../../test/flows.ts";
import { makeWorld, type World } from "../../test/world.ts";

let world: World;
let browser: Browser;
beforeEach(async () => {
  world = await makeWorld();
  await world.addApplication("app_one");
  await world.addApplication("app_two");
  await world.addAccount("ann@example.com");
  browser = browserOf(world);
});

const codeIn = (location: string): string => /[?&]code=([^&#]+)/.exec(location)?.[1] ?? "no code";
const challengeOf = (number: number): string => `${String(number).padStart(42, "A")}A`;
const offers = () => world.store.grants.list({ state: "offered", limit: 9999 });
const times = async <T>(count: number, run: (number: number) => Promise<T>): Promise<T[]> => {
  const results: T[] = [];
  for (let number = 0; number < count; number++) results.push(await run(number));
  return results;
};

/** Consents once, so that the same request is granted without a page from then on. */
async function consentOnce(client = "app_one", by = browser): Promise<void> {
  const next = await by.get(authorizeUrl(client));
  const page = next.body.includes("<h1>Consent</h1>")
    ? next
    : await signIn(by, authorizeUrl(client), "ann@example.com");
  const fields = { ...hiddenFields(page.body), decision: "allow" };
  const { location } = await by.post("/oauth/consent", fields);
  expect((await redeem(world, client, codeIn(location))).status).toBe(200);
}
const silently = async (more: Record<string, string> = {}, client = "app_one", by = browser): Promise<string> =>
  codeIn((await by.get(authorizeUrl(client, { prompt: "none", ...more }))).location);

describe("OP-16: a request that a signed-in browser repeats with prompt=none", () => {
  beforeEach(() => consentOnce());

  test("brings the same code, and one row", async () => {
    const codes = new Set(await times(200, () => silently()));
    expect(codes.size).toBe(1);
    expect(await offers()).toHaveLength(1);
    expect((await redeem(world, "app_one", [...codes][0]!)).status).toBe(200);
  });
  test("brings the same code if it is sent 50 times at once", async () => {
    const codes = new Set(await Promise.all(Array.from({ length: 50 }, () => silently())));
    expect(codes.size).toBe(1);
    expect(await offers()).toHaveLength(1);
  });
  test("brings a code that lives for at least half of its lifetime", async () => {
    const first = await silently();
    world.advance(29);
    expect(await silently()).toBe(first);
    world.advance(1);
    const second = await silently();
    expect(second).not.toBe(first);
    world.advance(59);
    expect((await redeem(world, "app_one", second)).status).toBe(200);
  });
  test("brings another code after the first was redeemed, and both grants live", async () => {
    const first = await silently();
    const tokens = (await redeem(world, "app_one", first)).json();
    const second = await silently();
    expect(second).not.toBe(first);
    expect((await redeem(world, "app_one", second)).status).toBe(200);
    expect((await world.store.grants.list({ limit: 9 })).map(({ state }) => state)).toEqual(Array(3).fill("active"));
    expect(tokens).toHaveProperty("access_token");
  });
  test("brings another code after a wrong verifier was tried with the first", async () => {
    const first = await silently();
    await redeem(world, "app_one", first, { code_verifier: "w".repeat(43) });
    expect(await silently()).not.toBe(first);
  });
  test.each<[string, Record<string, string>]>([
    ["another state", { state: "other" }],
    ["another challenge", { code_challenge: challengeOf(1) }],
    ["a narrower scope", { scope: "read" }],
  ])("is another request with %s", async (_, more) => {
    expect(await silently(more)).not.toBe(await silently());
    expect(await offers()).toHaveLength(2);
  });
  test("is another request from another browser of the same user", async () => {
    const other = browserOf(world);
    const page = await signIn(other, authorizeUrl("app_one"), "ann@example.com");
    const first = await silently();
    expect([codeIn(page.location), await silently({}, "app_one", other)]).not.toContain(first);
  });
});

describe("OP-16: a browser that asks for something else each time", () => {
  test("leaves at most 32 rows, also with several applications, and the newest codes work", async () => {
    await consentOnce("app_one");
    await consentOnce("app_two");
    const codes = await times(200, (number) =>
      silently({ code_challenge: challengeOf(number) }, number % 2 === 0 ? "app_one" : "app_two"),
    );
    expect(new Set(codes).size).toBe(200);
    expect(await offers()).toHaveLength(32);
    const newest = await silently();
    expect((await redeem(world, "app_one", newest)).status).toBe(200);
  });
  test("does not remove the offers of another user", async () => {
    await world.addAccount("bob@example.com");
    const bob = browserOf(world);
    const page = await signIn(bob, authorizeUrl("app_one"), "bob@example.com");
    const { location } = await bob.post("/oauth/consent", { ...hiddenFields(page.body), decision: "allow" });
    await consentOnce();
    await times(100, (number) => silently({ code_challenge: challengeOf(number) }));
    expect((await redeem(world, "app_one", codeIn(location))).status).toBe(200);
  });
});

describe("OP-16: a consent form that is posted twice", () => {
  const form = async () => {
    const page = await signIn(browser, authorizeUrl("app_one"), "ann@example.com");
    return { ...hiddenFields(page.body), decision: "allow" };
  };
  test("brings one code and one grant, one after the other", async () => {
    const fields = await form();
    const codes = await times(2, async () => codeIn((await browser.post("/oauth/consent", fields)).location));
    expect(codes[0]).toBe(codes[1]);
    expect(await offers()).toHaveLength(1);
    expect((await redeem(world, "app_one", codes[0]!)).status).toBe(200);
  });
  test("brings one code and one grant, at once", async () => {
    const fields = await form();
    const answers = await Promise.all([1, 2].map(() => browser.post("/oauth/consent", fields)));
    expect(new Set(answers.map(({ location }) => codeIn(location))).size).toBe(1);
    expect(await offers()).toHaveLength(1);
  });
});

import { beforeEach, describe, expect, test } from "vitest";
import { authorizeUrl, browserOf, hiddenFields, post } from "../../test/flows.ts";
import { basic, makeWorld, type World } from "../../test/world.ts";
import { watchedStore } from "../../test/watched-store.ts";

let world: World;
let watched: ReturnType<typeof watchedStore>;
const membersOfObject = Object.getOwnPropertyNames(Object.prototype).sort();

beforeEach(async () => {
  watched = watchedStore();
  world = await makeWorld({ store: watched.store });
  await world.addApplication("app_one");
  await world.addAccount("ann@example.com");
  watched.forget();
});
const writes = () => watched.calls.filter((call) => !/\.(find|findByEmail|list|isTokenRevoked)$/.test(call));

describe("HT-13, TM 4.4.1.11: unauthenticated requests leave no row behind", () => {
  test("a thousand authorization requests", async () => {
    for (let at = 0; at < 1000; at++) await browserOf(world).get(authorizeUrl("app_one", { state: String(at) }));
    expect(writes()).toEqual([]);
  });
  test("posted requests with made-up cookies", async () => {
    for (let at = 0; at < 100; at++) {
      const headers = { cookie: `symbolon-session=sym_se_${"A".repeat(43)}; symbolon-browser=${at}` };
      await browserOf(world).post(
        "/oauth/authorize",
        Object.fromEntries(new URLSearchParams(authorizeUrl("app_one").split("?")[1])),
        headers,
      );
    }
    expect(writes()).toEqual([]);
  });
  test("wrong passwords, for known and unknown addresses", async () => {
    const browser = browserOf(world);
    const fields = hiddenFields((await browser.get(authorizeUrl("app_one"))).body);
    for (let at = 0; at < 200; at++)
      await browser.post("/oauth/sign-in", {
        ...fields,
        email: at % 2 === 0 ? "ann@example.com" : `${at}@example.com`,
        password: "wrong",
      });
    expect(writes()).toEqual([]);
  });
  test("consent and sign-out forms", async () => {
    for (let at = 0; at < 100; at++) {
      await browserOf(world).post("/oauth/consent", { transaction: "x.y", decision: "allow" });
      await browserOf(world).post("/oauth/sign-out", { transaction: "x.y" });
    }
    expect(writes()).toEqual([]);
  });
  test("unknown tokens, wrong secrets and unknown clients", async () => {
    const token = `sym_rt_${"A".repeat(64)}`;
    for (let at = 0; at < 100; at++) {
      await post(world, "/oauth/token", { grant_type: "refresh_token", refresh_token: token, client_id: `app_${at}` });
      await post(
        world,
        "/oauth/token",
        { grant_type: "client_credentials" },
        { authorization: basic("app_one", "wrong") },
      );
      await post(world, "/oauth/introspect", { token }, { authorization: `Bearer ${token}` });
      await post(world, "/oauth/revoke", { token }, { authorization: basic(`app_${at}`) });
    }
    expect(writes()).toEqual([]);
  });
});

describe("HT-14: no request changes a prototype", () => {
  test.each([
    "__proto__=polluted",
    "constructor.prototype=polluted",
    "__proto__[polluted]=1",
    "constructor=1&prototype=2&toString=3",
  ])("%s", async (form) => {
    for (const path of ["/oauth/token", "/oauth/introspect", "/oauth/revoke"])
      await post(world, path, form, { authorization: basic("app_one") });
    await browserOf(world).get(`/oauth/authorize?${form}`);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });
  test("no prototype has a new member afterwards", () =>
    expect(Object.getOwnPropertyNames(Object.prototype).sort()).toEqual(membersOfObject));
});

import { beforeAll, describe, expect, test } from "vitest";
import { Sealed } from "@symbolon/protocol";
import { obtainTokens, post, revoke } from "../../test/flows.ts";
import { basic, makeWorld, type World } from "../../test/world.ts";
import { watchedStore } from "../../test/watched-store.ts";

let world: World;
let watched: ReturnType<typeof watchedStore>;
const tokens: string[] = [];
beforeAll(async () => {
  watched = watchedStore();
  world = await makeWorld({ store: watched.store });
  await world.addApplication("app_one");
  await world.addApplication("app_two");
  await world.addResourceServer("rs_any");
  await world.addAccount("ann@example.com");
  for (const client of ["app_one", "app_two", "app_one"])
    tokens.push((await obtainTokens(world, client, "ann@example.com", { prompt: "consent" })).access_token);
});

const batch = (list: readonly string[], caller = "rs_any") =>
  post(world, "/oauth/introspect/batch", { tokens: list.join(" ") }, { authorization: basic(caller) });
const dead = { active: false };

describe("RFC 7662 §2.2: many tokens in one request, each with its own answer", () => {
  test("in the order of the request, active tokens among garbage", async () => {
    const [one, two, three] = tokens as [string, string, string];
    const answer = await batch(["garbage", two, one, `sym_at_${"A".repeat(64)}`, three, one]);
    expect(answer.status).toBe(200);
    const { results } = answer.json();
    expect(results.map((result: { client_id?: string }) => result.client_id ?? null)).toEqual([
      null,
      "app_two",
      "app_one",
      null,
      "app_one",
      "app_one",
    ]);
    expect(results[0]).toEqual(dead);
    expect(results[3]).toEqual(dead);
    expect(results[2]).toEqual(results[5]);
    expect(results[2]).not.toEqual(results[4]);
  });
  test("the answer about a token is that of the single endpoint", async () => {
    const single = await post(world, "/oauth/introspect", { token: tokens[0]! }, { authorization: basic("rs_any") });
    expect((await batch([tokens[0]!])).json()).toEqual({ results: [single.json()] });
  });
  test("IN-03: an application gets answers only about its own tokens", async () => {
    const { results } = (await batch(tokens, "app_two")).json();
    expect(results).toEqual([dead, expect.objectContaining({ active: true }), dead]);
  });
  test("a revoked token in the middle", async () => {
    const { access_token } = await obtainTokens(world, "app_one", "ann@example.com", { prompt: "consent" });
    await revoke(world, "app_one", access_token);
    expect((await batch([tokens[0]!, access_token, tokens[2]!])).json().results[1]).toEqual(dead);
  });
  test("a hundred times the same unused token is recorded as one first use", async () => {
    const { access_token } = await obtainTokens(world, "app_one", "ann@example.com", { prompt: "consent" });
    const { grantId } = world.keyring.read("access", new Sealed(access_token))!;
    const before = (await world.store.grants.find(grantId))!.version;
    const { results } = (await batch(Array.from({ length: 100 }, () => access_token))).json();
    expect(results.every((result: { active: boolean }) => result.active)).toBe(true);
    expect((await world.store.grants.find(grantId))!.version).toBe(before + 1);
  });
  test("IN-10: the answer must not be stored", async () =>
    expect((await batch(tokens)).headers["cache-control"]).toBe("no-store"));
});

describe("IN-08: the size of a batch", () => {
  const many = (count: number) => Array.from({ length: count }, (_, at) => `sym_at_${String(at).padStart(64, "A")}`);
  test("a thousand are answered", async () => {
    const list = many(1000);
    list[500] = tokens[0]!;
    const { results } = (await batch(list)).json();
    expect(results).toHaveLength(1000);
    expect(results.findIndex((result: { active: boolean }) => result.active)).toBe(500);
  });
  test("1,001 are refused, and none is introspected", async () => {
    watched.forget();
    const answer = await batch([...many(1000), tokens[0]!]);
    expect(answer.status).toBe(400);
    expect(answer.json()).toMatchObject({ error: "invalid_request" });
    expect(watched.calls.filter((call) => call.startsWith("grants."))).toEqual([]);
  });
  test("two spaces make an empty token, which is inactive and keeps its place", async () => {
    expect(
      (await batch([tokens[0]!, "", tokens[1]!])).json().results.map((result: { active: boolean }) => result.active),
    ).toEqual([true, false, true]);
  });
  test.each<[string, string, number]>([
    ["none at all", "", 400],
    ["an empty list", "tokens=", 400],
    ["the parameter twice", "tokens=a&tokens=b", 400],
    ["129 KiB", `tokens=${"x".repeat(129 * 1024)}`, 413],
  ])("%s is refused", async (_, form, status) =>
    expect((await post(world, "/oauth/introspect/batch", form, { authorization: basic("rs_any") })).status).toBe(
      status,
    ),
  );
});

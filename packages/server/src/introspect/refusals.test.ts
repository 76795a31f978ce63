import { beforeEach, describe, expect, test } from "vitest";
import { Sealed } from "@symbolon/protocol";
import { obtainTokens, post } from "../../test/flows.ts";
import { basic, makeWorld, secret, type World } from "../../test/world.ts";

/** What the log and the answer say about each refusal at the introspection endpoints (RFC 7662 §2.3). */
let world: World;
beforeEach(async () => {
  world = await makeWorld();
  await world.addApplication("app");
  await world.addApplication("public", { type: "public", authMethod: "none", secrets: [] });
  await world.addResourceServer("rs_one");
  await world.addAccount("ann@app.example");
});

const paths = ["/oauth/introspect", "/oauth/introspect/batch"] as const;
const forged = (at: number): string => `sym_at_${String(at).padStart(64, "A")}`;

describe.each(paths)("a caller that is refused is in the log with its reason, at %s", (path) => {
  const refusals = () => world.events.filter(({ name }) => name === "introspect.refused");

  test.for<[string, Record<string, string>, Record<string, string>, string]>([
    ["a public client", {}, { client_id: "public" }, "caller_not_allowed"],
    ["a wrong secret", { authorization: basic("rs_one", "wrong") }, {}, "client_secret_wrong"],
    ["a dead bearer", { authorization: `Bearer ${forged(1)}` }, {}, "bearer_inactive"],
    [
      "a bearer with a secret",
      { authorization: `Bearer ${forged(1)}` },
      { client_secret: secret },
      "client_authentication_twice",
    ],
    ["a bearer of two words", { authorization: "Bearer a b" }, {}, "bearer_malformed"],
    ["a bearer without a token", { authorization: "Bearer" }, {}, "bearer_malformed"],
  ])("%s", async ([, headers, form, reason]) => {
    await post(world, path, { token: "x", tokens: "x", ...form }, headers);
    expect(refusals()).toEqual([{ name: "introspect.refused", reason }]);
  });

  test("too many forged tokens, with the caller's id", async () => {
    const tokens = Array.from({ length: 1000 }, (_, at) => forged(at)).join(" ");
    for (let at = 0; at < 11; at++) await post(world, paths[1], { tokens }, { authorization: basic("rs_one") });
    world.events.length = 0;
    await post(world, path, { token: forged(1), tokens: forged(1) }, { authorization: basic("rs_one") });
    expect(refusals()).toEqual([{ name: "introspect.refused", reason: "client_too_fast", caller: "rs_one" }]);
  });
});

describe("a parameter that is missing or too long is named", () => {
  test.for<[string, Record<string, string>, string]>([
    [paths[0], {}, "(token)"],
    [paths[1], {}, "(tokens)"],
    [paths[1], { tokens: "x ".repeat(1000) }, "(tokens)"],
  ])("at %s", async ([path, form, says]) => {
    const answer = await post(world, path, form, { authorization: basic("rs_one") });
    expect(answer.json()).toMatchObject({ error: "invalid_request", error_description: expect.stringContaining(says) });
  });
});

describe("the wait of a caller that sent too many forged tokens", () => {
  test("is that of the last one, and genuine tokens of each kind are not counted (IN-05)", async () => {
    const { access_token, refresh_token } = await obtainTokens(world, "app", "ann@app.example");
    const asked: string[] = [];
    const { limiter } = world.deps;
    world.deps.limiter = {
      ...limiter,
      take: (name, key) => {
        if (name !== "forged_tokens") return limiter.take(name, key);
        asked.push(key);
        return asked.length === 2 ? 7 : 0;
      },
    };
    const code = world.keyring
      .mint("code", world.keyring.read("refresh", new Sealed(refresh_token))!, world.now())
      .reveal();
    const tokens = [access_token, refresh_token, code, forged(1)].join(" ");
    await post(world, paths[1], { tokens }, { authorization: basic("rs_one") });
    expect(asked).toEqual(["rs_one"]);
    const answer = await post(world, paths[0], { token: forged(2) }, { authorization: basic("rs_one") });
    expect([answer.status, answer.headers["retry-after"]]).toEqual([429, "7"]);
    await post(world, paths[0], { token: forged(3) }, { authorization: basic("app") });
    expect(asked.at(-1)).toBe("app");
  });

  test("a wait for an earlier token of a batch is not forgotten over a later one without a wait", async () => {
    let taken = 0;
    const { limiter } = world.deps;
    world.deps.limiter = {
      ...limiter,
      take: (name, key) => (name === "forged_tokens" ? (taken++ === 0 ? 7 : 0) : limiter.take(name, key)),
    };
    await post(world, paths[1], { tokens: `${forged(1)} ${forged(2)}` }, { authorization: basic("rs_one") });
    expect(taken).toBe(2);
    expect(world.events.at(-1)).toMatchObject({ name: "introspect.refused", reason: "client_too_fast" });
  });
});

describe("the bearer of an access token as caller (refresh-tokens.md A5)", () => {
  test("uses its token: the generation is confirmed, also if the caller asks about another token", async () => {
    const { access_token } = await obtainTokens(world, "app", "ann@app.example");
    const { grantId } = world.keyring.read("access", new Sealed(access_token))!;
    expect((await world.store.grants.find(grantId))!.confirmedAt).toBeNull();
    await post(world, paths[0], { token: "x" }, { authorization: `Bearer ${access_token}` });
    expect((await world.store.grants.find(grantId))!.confirmedAt).toBe(world.now());
  });
});

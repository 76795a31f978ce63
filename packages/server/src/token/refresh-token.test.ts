import { describe, expect, test } from "vitest";
import { introspect, post } from "../../test/flows.ts";
import { presets, startFamily, type Family } from "../../test/token-family.ts";
import { basic } from "../../test/world.ts";

const api = "https://api.example";
const files = "https://files.example";

describe("RFC 6749 §6: refreshing", () => {
  test("returns a new pair with the scope of the grant", async () => {
    const family = await startFamily("lazy");
    family.world.advance(5);
    expect((await family.present(1)).json()).toEqual({
      access_token: expect.stringMatching(/^sym_at_[\w-]{64}$/),
      token_type: "Bearer",
      expires_in: 600,
      refresh_token: expect.stringMatching(/^sym_rt_[\w-]{64}$/),
      scope: "read write",
      created_at: family.world.now(),
    });
  });

  test("requires a refresh token", async () => {
    const { world } = await startFamily("lazy");
    const answer = await post(world, "/oauth/token", { grant_type: "refresh_token" }, { authorization: basic("app") });
    expect(answer.json()).toMatchObject({
      error: "invalid_request",
      error_description: expect.stringContaining("(refresh_token)"),
    });
  });

  test("TK-05: a refresh token of another client is refused and stays usable", async () => {
    const family = await startFamily("strict");
    expect((await family.present(1, {}, "other")).json().error).toBe("invalid_grant");
    expect((await family.present(1)).status).toBe(200);
  });

  test("WB-17: refresh tokens of a suspended account are refused and not consumed", async () => {
    const family = await startFamily("strict");
    const { owner } = await family.row();
    const { find } = family.world.store.accounts;
    const before = await family.row();
    family.world.store.accounts.find = async (id) =>
      id === owner ? { ...(await find(id))!, suspendedAt: 1 } : undefined;
    expect((await family.present(1)).json().error).toBe("invalid_grant");
    family.world.store.accounts.find = find;
    expect(await family.row()).toEqual(before);
    expect((await family.present(1)).status).toBe(200);
  });
});

describe.each(presets)("TK-09, RFC 6749 §6: the scope on refresh, %s", (preset) => {
  test("a wider scope is invalid_scope, and the token is not consumed", async () => {
    const family = await startFamily(preset);
    expect((await family.present(1, { scope: "read admin" })).json().error).toBe("invalid_scope");
    expect((await family.row()).generation).toBe(1);
    expect((await family.present(1)).status).toBe(200);
  });

  test("a narrower scope narrows the access token, and the refresh token keeps its scope", async () => {
    const family = await startFamily(preset);
    const narrow = await family.rotate({ scope: "read" });
    expect(narrow.scope).toBe("read");
    expect((await introspect(family.world, "rs_api", narrow.access_token)).json().scope).toBe("read");
    expect((await family.rotate()).scope).toBe("read write");
  });

  test("another order is the same scope and adds no variant", async () => {
    const family = await startFamily(preset);
    expect((await family.rotate({ scope: "write read" })).scope).toBe("read write");
    expect((await family.row()).variants).toHaveLength(1);
  });
});

describe("TK-09: narrower replays", () => {
  test("share one token family: each has its scope, the same refresh token, and the full scope at the next refresh", async () => {
    const family = await startFamily("lazy");
    const full = await family.rotate();
    const narrow = (await family.present(1, { scope: "write" })).json();
    expect([narrow.scope, narrow.refresh_token]).toEqual(["write", full.refresh_token]);
    expect((await introspect(family.world, "rs_api", narrow.access_token)).json().scope).toBe("write");
    expect(await family.row()).toMatchObject({ generation: 2, replays: 1 });
    expect((await family.rotate()).scope).toBe("read write");
  });

  test("a known narrowing adds no variant; the 257th narrowing is refused and changes nothing", async () => {
    const family = await startFamily("lazy", {
      application: { accessTokenLifetimes: Array.from({ length: 257 }, (_, index) => 600 + index) },
    });
    for (let index = 1; index < 256; index++) await family.rotate({ expires_in: String(600 + index) });
    await family.rotate({ expires_in: "601" });
    const before = await family.row();
    expect(before.variants).toHaveLength(256);
    expect((await family.present(before.generation, { expires_in: "856" })).json().error).toBe("invalid_scope");
    expect(await family.row()).toEqual(before);
  });
});

const audienceOf = async (family: Family, token: string): Promise<unknown> =>
  (await introspect(family.world, "app", token)).json().aud;

describe("RFC 8707 §2: resource on refresh", () => {
  test("AP-20: one of two consented resources may be requested; the next refresh has both again", async () => {
    const family = await startFamily("lazy", { resources: [api, files] });
    await family.world.store.grants.change(family.grant, (grant) => ({
      answer: null,
      write: { ...grant!, audiences: [api, files] },
    }));
    const one = await family.rotate({ resource: files });
    expect(await audienceOf(family, one.access_token)).toBe(files);
    expect((await introspect(family.world, "rs_api", one.access_token)).json()).toEqual({ active: false });
    expect(await audienceOf(family, (await family.rotate()).access_token)).toEqual([api, files]);
  });

  test("AP-20: a registered resource outside the consent is invalid_target and changes nothing", async () => {
    const family = await startFamily("lazy", { resources: [api, files], authorize: { resource: api } });
    const before = await family.row();
    expect((await family.present(1, { resource: files })).json().error).toBe("invalid_target");
    expect(await family.row()).toEqual(before);
  });

  test("a consent without resources covers all, so any registered resource narrows it", async () => {
    const family = await startFamily("lazy", { resources: [api, files] });
    expect(await audienceOf(family, family.pair(1).access_token)).toBe("http://localhost:8787");
    expect(await audienceOf(family, (await family.rotate({ resource: api })).access_token)).toBe(api);
    expect(await audienceOf(family, (await family.rotate()).access_token)).toBe("http://localhost:8787");
  });

  test("an unknown resource is invalid_target even then", async () => {
    const family = await startFamily("lazy", { resources: [api] });
    expect((await family.present(1, { resource: "https://foreign.example" })).json().error).toBe("invalid_target");
  });

  test("replays for two audiences at once share one token family", async () => {
    const family = await startFamily("lazy", { resources: [api, files] });
    const [one, other] = await Promise.all([
      family.present(1, { resource: api }),
      family.present(1, { resource: files }),
    ]);
    expect(one.json().refresh_token).toBe(other.json().refresh_token);
    expect([
      await audienceOf(family, one.json().access_token),
      await audienceOf(family, other.json().access_token),
    ]).toEqual([api, files]);
    expect((await family.row()).generation).toBe(2);
  });
});

import { describe, expect, test } from "vitest";
import { introspect, post } from "../../test/flows.ts";
import { presets, startLineage, type Lineage } from "../../test/lineage.ts";
import { basic } from "../../test/world.ts";

const api = "https://api.example";
const files = "https://files.example";

describe("RFC 6749 §6: refreshing", () => {
  test("brings a new pair with the scope of the grant", async () => {
    const line = await startLineage("lazy");
    line.world.advance(5);
    expect((await line.present(1)).json()).toEqual({
      access_token: expect.stringMatching(/^sym_at_[\w-]{64}$/),
      token_type: "Bearer",
      expires_in: 600,
      refresh_token: expect.stringMatching(/^sym_rt_[\w-]{64}$/),
      scope: "read write",
      created_at: line.world.now(),
    });
  });

  test("the refresh token must be sent", async () => {
    const { world } = await startLineage("lazy");
    const answer = await post(world, "/oauth/token", { grant_type: "refresh_token" }, { authorization: basic("app") });
    expect(answer.json()).toMatchObject({
      error: "invalid_request",
      error_description: expect.stringContaining("(refresh_token)"),
    });
  });

  test("TK-05: a refresh token of another client is refused, and stays good for its own", async () => {
    const line = await startLineage("strict");
    expect((await line.present(1, {}, "other")).json().error).toBe("invalid_grant");
    expect((await line.present(1)).status).toBe(200);
  });

  test("WB-17: the tokens of a suspended account are refused, and nothing is consumed", async () => {
    const line = await startLineage("strict");
    const { owner } = await line.row();
    const { find } = line.world.store.accounts;
    const before = await line.row();
    line.world.store.accounts.find = async (id) =>
      id === owner ? { ...(await find(id))!, suspendedAt: 1 } : undefined;
    expect((await line.present(1)).json().error).toBe("invalid_grant");
    line.world.store.accounts.find = find;
    expect(await line.row()).toEqual(before);
    expect((await line.present(1)).status).toBe(200);
  });
});

describe.each(presets)("TK-09, RFC 6749 §6: the scope on refresh, %s", (preset) => {
  test("wider is invalid_scope, and the token is not consumed", async () => {
    const line = await startLineage(preset);
    expect((await line.present(1, { scope: "read admin" })).json().error).toBe("invalid_scope");
    expect((await line.row()).generation).toBe(1);
    expect((await line.present(1)).status).toBe(200);
  });

  test("narrower gives a narrower access token, and the refresh token keeps its scope", async () => {
    const line = await startLineage(preset);
    const narrow = await line.rotate({ scope: "read" });
    expect(narrow.scope).toBe("read");
    expect((await introspect(line.world, "rs_api", narrow.access_token)).json().scope).toBe("read");
    expect((await line.rotate()).scope).toBe("read write");
  });

  test("an order of one's own is the same scope, and costs no variant", async () => {
    const line = await startLineage(preset);
    expect((await line.rotate({ scope: "write read" })).scope).toBe("read write");
    expect((await line.row()).variants).toHaveLength(1);
  });
});

describe("TK-09: narrower replays", () => {
  test("share one lineage: the scope asked for, the same refresh token, and the full scope at the next turn", async () => {
    const line = await startLineage("lazy");
    const full = await line.rotate();
    const narrow = (await line.present(1, { scope: "write" })).json();
    expect([narrow.scope, narrow.refresh_token]).toEqual(["write", full.refresh_token]);
    expect((await introspect(line.world, "rs_api", narrow.access_token)).json().scope).toBe("write");
    expect(await line.row()).toMatchObject({ generation: 2, replays: 1 });
    expect((await line.rotate()).scope).toBe("read write");
  });

  test("a narrowing that was seen before costs no further variant; the 257th is refused and changes nothing", async () => {
    const line = await startLineage("lazy", {
      application: { accessTokenLifetimes: Array.from({ length: 257 }, (_, index) => 600 + index) },
    });
    for (let index = 1; index < 256; index++) await line.rotate({ expires_in: String(600 + index) });
    await line.rotate({ expires_in: "601" });
    const before = await line.row();
    expect(before.variants).toHaveLength(256);
    expect((await line.present(before.generation, { expires_in: "856" })).json().error).toBe("invalid_scope");
    expect(await line.row()).toEqual(before);
  });
});

const audienceOf = async (line: Lineage, token: string): Promise<unknown> =>
  (await introspect(line.world, "app", token)).json().aud;

describe("RFC 8707 §2: resource on refresh", () => {
  test("AP-20: of the two that were consented to, one may be asked for; the next turn has both again", async () => {
    const line = await startLineage("lazy", { resources: [api, files] });
    await line.world.store.grants.change(line.grant, (grant) => ({
      answer: null,
      write: { ...grant!, audiences: [api, files] },
    }));
    const one = await line.rotate({ resource: files });
    expect(await audienceOf(line, one.access_token)).toBe(files);
    expect((await introspect(line.world, "rs_api", one.access_token)).json()).toEqual({ active: false });
    expect(await audienceOf(line, (await line.rotate()).access_token)).toEqual([api, files]);
  });

  test("AP-20: a registered one outside the consent is invalid_target, and changes nothing", async () => {
    const line = await startLineage("lazy", { resources: [api, files], authorize: { resource: api } });
    const before = await line.row();
    expect((await line.present(1, { resource: files })).json().error).toBe("invalid_target");
    expect(await line.row()).toEqual(before);
  });

  test("a consent that named no resource is for all of them, so any registered one narrows it", async () => {
    const line = await startLineage("lazy", { resources: [api, files] });
    expect(await audienceOf(line, line.pair(1).access_token)).toBe("http://localhost:8787");
    expect(await audienceOf(line, (await line.rotate({ resource: api })).access_token)).toBe(api);
    expect(await audienceOf(line, (await line.rotate()).access_token)).toBe("http://localhost:8787");
  });

  test("an unknown one is invalid_target even so", async () => {
    const line = await startLineage("lazy", { resources: [api] });
    expect((await line.present(1, { resource: "https://foreign.example" })).json().error).toBe("invalid_target");
  });

  test("replays for two audiences at once share one lineage", async () => {
    const line = await startLineage("lazy", { resources: [api, files] });
    const [one, other] = await Promise.all([line.present(1, { resource: api }), line.present(1, { resource: files })]);
    expect(one.json().refresh_token).toBe(other.json().refresh_token);
    expect([
      await audienceOf(line, one.json().access_token),
      await audienceOf(line, other.json().access_token),
    ]).toEqual([api, files]);
    expect((await line.row()).generation).toBe(2);
  });
});

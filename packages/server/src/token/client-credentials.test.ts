import { describe, expect, test } from "vitest";
import type { ClientId } from "@symbolon/protocol";
import { introspect, post, revoke } from "../../test/flows.ts";
import { watchedStore } from "../../test/watched-store.ts";
import { basic, makeWorld } from "../../test/world.ts";
import type { Application } from "../applications/application.ts";
import { decideRevoke } from "../grants/revoke.ts";

async function worldWithApp(overrides: Partial<Application> = {}) {
  const watched = watchedStore();
  const world = await makeWorld({ store: watched.store });
  await world.addApplication("app", overrides);
  await world.addResourceServer("rs_any");
  await world.addResourceServer("rs_api", "https://api.example");
  const ask = (form: Record<string, string> | string = {}) => {
    const grantType = "grant_type=client_credentials";
    const rest = typeof form === "string" ? form : new URLSearchParams(form).toString();
    return post(world, "/oauth/token", `${grantType}&${rest}`, { authorization: basic("app") });
  };
  const grants = () => world.store.grants.list({ application: "app" as ClientId, limit: 50 });
  return { world, watched, ask, grants };
}

describe("RFC 6749 §4.4.3, TK-17: the answer to client credentials", () => {
  test("has an access token without a refresh token, type, lifetime and scope", async () => {
    const { world, ask } = await worldWithApp();
    expect((await ask()).json()).toEqual({
      access_token: expect.stringMatching(/^sym_at_[\w-]{64}$/),
      token_type: "Bearer",
      expires_in: 600,
      scope: "read write",
      created_at: world.now(),
    });
    expect(world.events.at(-1)).toMatchObject({ name: "token.issued", client: "app", grantType: "client_credentials" });
  });

  test("TK-17: the subject is the application, and there is no owner", async () => {
    const { world, ask } = await worldWithApp();
    const described = (await introspect(world, "rs_any", (await ask()).json().access_token)).json();
    expect(described).toMatchObject({ active: true, sub: "app", client_id: "app", resource_owner: null });
    expect(described).not.toHaveProperty("username");
  });

  test("TK-17: a refresh token minted for a client-credentials grant would be refused, and changes nothing", async () => {
    const { world, ask, grants } = await worldWithApp();
    await ask();
    const [grant] = await grants();
    const refresh_token = world.keyring
      .mint("refresh", { grantId: grant!.id, generation: 0, issuedAt: 0, variant: 0 }, world.now())
      .reveal();
    const answer = await post(
      world,
      "/oauth/token",
      { grant_type: "refresh_token", refresh_token },
      { authorization: basic("app") },
    );
    expect(answer.json().error).toBe("invalid_grant");
    expect(await grants()).toEqual([grant]);
  });

  test("two tokens of the same second differ: one can be revoked without the other", async () => {
    const { world, ask } = await worldWithApp();
    const [one, other] = [(await ask()).json().access_token, (await ask()).json().access_token];
    expect(one).not.toBe(other);
    await revoke(world, "app", one);
    expect([
      (await introspect(world, "rs_any", one)).json().active,
      (await introspect(world, "rs_any", other)).json().active,
    ]).toEqual([false, true]);
  });

  test("TK-17: the tokens of a revoked client-credentials grant are inactive, and the next token has a new grant", async () => {
    const { world, ask, grants } = await worldWithApp();
    const { access_token } = (await ask()).json();
    const [grant] = await grants();
    await world.store.grants.change(grant!.id, (grant) => ({
      answer: null,
      write: { ...grant!, state: "revoked", revokedAt: world.now(), revokedBecause: "revoked_by_operator" },
    }));
    expect((await introspect(world, "rs_any", access_token)).json().active).toBe(false);
    const { access_token: next } = (await ask()).json();
    expect((await introspect(world, "rs_any", next)).json().active).toBe(true);
    expect(await grants()).toHaveLength(2);
  });
});

describe("client credentials cost no write once a narrowing has been used (decision 0010)", () => {
  const writes = (calls: readonly string[]) =>
    calls.filter((call) => /\.(?:insert|change|set|bind|touch|delete)/.test(call));

  test("the second token only reads, and the row is unchanged", async () => {
    const { watched, ask, grants } = await worldWithApp();
    await ask();
    const before = await grants();
    watched.forget();
    for (let count = 0; count < 20; count++) expect((await ask()).status).toBe(200);
    expect(writes(watched.calls)).toEqual([]);
    expect(await grants()).toEqual(before);
  });

  test("a new narrowing costs one write, the first time; introspection costs none", async () => {
    const { world, watched, ask } = await worldWithApp();
    await ask();
    watched.forget();
    await ask({ scope: "read" });
    expect(writes(watched.calls)).toEqual(["grants.change"]);
    watched.forget();
    const { access_token } = (await ask({ scope: "read" })).json();
    await introspect(world, "rs_any", access_token);
    expect(writes(watched.calls)).toEqual([]);
  });

  test("a grant that is revoked between its look-up and a new narrowing gives no token, and stays as it is (TK-17)", async () => {
    const { world, ask, grants } = await worldWithApp();
    await ask();
    const { findOrCreateClientCredentials } = world.store.grants;
    const [found] = await grants();
    world.store.grants.findOrCreateClientCredentials = async (...given) => {
      const grant = await findOrCreateClientCredentials.apply(world.store.grants, given);
      await world.store.grants.change(grant.id, decideRevoke("revoked_by_operator", world.now()));
      return grant;
    };
    const answer = await ask({ scope: "read" });
    expect([answer.status, answer.json().error]).toEqual([400, "invalid_grant"]);
    expect(world.events.at(-1)).toMatchObject({ name: "token.refused", reason: "grant_revoked" });
    expect(await grants()).toMatchObject([{ id: found!.id, state: "revoked", variants: found!.variants }]);
  });

  test("50 first requests at once create one client-credentials grant with one variant", async () => {
    const { ask, grants } = await worldWithApp();
    const answers = await Promise.all(Array.from({ length: 50 }, () => ask({ scope: "read" })));
    expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(200));
    const made = await grants();
    expect(made).toHaveLength(1);
    expect(made[0]!.variants.filter(({ scope }) => scope?.join() === "read")).toHaveLength(1);
  });
});

describe("RFC 6749 §4.4.2, §3.3: the requested scope", () => {
  test.each([
    ["admin", "invalid_scope"],
    ["read admin", "invalid_scope"],
    ["READ", "invalid_scope"],
    ["read  write", "invalid_scope"],
    ['"read"', "invalid_scope"],
  ])("%j is %s, and no grant is made", async (scope, error) => {
    const { world, ask, grants } = await worldWithApp();
    expect((await ask({ scope })).json().error).toBe(error);
    expect(await grants()).toEqual([]);
    expect(world.eventNames().at(-1)).toBe("token.refused");
  });

  test("no scope means all that is registered; a narrower scope is that of the token", async () => {
    const { world, ask } = await worldWithApp();
    const narrow = (await ask({ scope: "write" })).json();
    expect(narrow.scope).toBe("write");
    expect((await introspect(world, "rs_any", narrow.access_token)).json().scope).toBe("write");
    expect((await ask()).json().scope).toBe("read write");
  });
});

describe("RFC 8707 §2: resource with client credentials", () => {
  test("a registered resource becomes the audience, and has its own client-credentials grant", async () => {
    const { world, ask, grants } = await worldWithApp();
    await ask();
    const { access_token } = (await ask({ resource: "https://api.example" })).json();
    expect((await introspect(world, "rs_api", access_token)).json()).toMatchObject({
      active: true,
      aud: "https://api.example",
    });
    expect((await introspect(world, "rs_any", access_token)).json()).toEqual({ active: false });
    expect((await grants()).map(({ audiences }) => audiences)).toEqual(
      expect.arrayContaining([[], ["https://api.example"]]),
    );
  });

  test.each(["https://foreign.example", "/relative", "https://api.example#x"])(
    "%s is invalid_target, and no grant is made",
    async (resource) => {
      const { ask, grants } = await worldWithApp();
      expect((await ask({ resource })).json().error).toBe("invalid_target");
      expect(await grants()).toEqual([]);
    },
  );

  test("resources in another order, twice, or with a slash share the client-credentials grant", async () => {
    const { world, ask, grants } = await worldWithApp();
    await world.addResourceServer("rs_files", "https://files.example");
    const [api, files] = ["resource=https%3A%2F%2Fapi.example", "resource=https%3A%2F%2Ffiles.example"];
    for (const form of [`${api}&${files}`, `${files}&${api}`, `${api}&${api}&${files}`, `${api}%2F&${files}`])
      expect((await ask(form)).status).toBe(200);
    expect(await grants()).toHaveLength(1);
  });
});

import { beforeEach, describe, expect, test } from "vitest";
import { Sealed } from "@symbolon/protocol";
import { removeRow } from "@symbolon/testing";
import { hmacKeyring, type Grant } from "../index.ts";
import { introspect, obtainCode, obtainTokens, post, refresh, revoke, tokenInfo } from "../../test/flows.ts";
import { basic, makeWorld, type World } from "../../test/world.ts";
import { watchedStore } from "../../test/watched-store.ts";

let world: World;
let watched: ReturnType<typeof watchedStore>;
let tokens: { access_token: string; refresh_token: string };
beforeEach(async () => {
  watched = watchedStore();
  world = await makeWorld({ store: watched.store });
  await world.addApplication("app_one");
  await world.addApplication("app_two");
  await world.addResourceServer("rs_any");
  await world.addAccount("ann@example.com");
  useKeys([key(1, "a")]);
  tokens = await obtainTokens(world, "app_one", "ann@example.com");
});

const key = (id: number, secret: string) => ({
  id,
  secret: Buffer.alloc(32, secret).toString("base64url"),
  createdAt: 0,
  activeFrom: 0,
});
/** Uses token keys that the test can drop; client secrets and sessions stay with the first keyring. */
const useKeys = (keys: ReturnType<typeof key>[]) => {
  const data = { format: 1 as const, keys, pepper: Buffer.alloc(32).toString("base64url") };
  const { mint, read } = hmacKeyring(() => data);
  world.deps.keyring = { ...world.keyring, mint, read };
};
const pointerOf = (token: string) => world.deps.keyring.read("access", new Sealed(token))!;
const edit = (change: (grant: Grant) => Grant) =>
  world.store.grants.change(pointerOf(tokens.access_token).grantId, (grant) => ({
    answer: null,
    write: change(grant!),
  }));
const dead = '{"active":false}';

/** Every cause that ends an access token, one at a time. */
const deaths: Record<string, () => unknown> = {
  "the token was revoked": () => revoke(world, "app_one", tokens.access_token),
  "its refresh token was revoked, and the grant with it": () => revoke(world, "app_one", tokens.refresh_token),
  "an operator revoked the grant": () =>
    edit((grant) => ({ ...grant, state: "revoked", revokedAt: world.now(), revokedBecause: "revoked_by_operator" })),
  "the account is suspended": () => (watched.edits.account = (account) => ({ ...account, suspendedAt: 1 })),
  "the account is gone": () => (watched.edits.account = () => undefined),
  "the application is suspended": () =>
    (watched.edits.application = (application) => ({ ...application, suspendedAt: 1 })),
  "the application is deleted": () => removeRow(world.store.applications, "app_one" as never),
  "the token has expired": () => world.advance(600),
  "the grant has expired": () => edit((grant) => ({ ...grant, expiresAt: world.now() })),
  "the grant lay idle too long": () => edit((grant) => ({ ...grant, idleExpiresAt: world.now() })),
  "a newer token of the grant was used": async () => {
    const { access_token } = (await refresh(world, "app_one", tokens.refresh_token)).json();
    expect((await introspect(world, "rs_any", access_token)).json()).toMatchObject({ active: true });
  },
  "its key was dropped": () => useKeys([key(2, "b")]),
  "its key was replaced by another of the same number": () => useKeys([key(1, "c")]),
  "a spent refresh token came back": async () => {
    const second = (await refresh(world, "app_one", tokens.refresh_token)).json();
    const third = (await refresh(world, "app_one", second.refresh_token)).json();
    await introspect(world, "rs_any", third.access_token);
    await refresh(world, "app_one", tokens.refresh_token);
  },
};

/** Tokens that were never active. */
const neverIssued: Record<string, () => string | Promise<string>> = {
  garbage: () => "garbage",
  "with NUL": () => "sym_at_\0",
  forged: () => `sym_at_${"A".repeat(64)}`,
  "cut short": () => tokens.access_token.slice(0, -1),
  "with one character changed": () =>
    tokens.access_token.slice(0, 30) + (tokens.access_token[30] === "A" ? "B" : "A") + tokens.access_token.slice(31),
  padded: () => `${tokens.access_token}=`,
  "in spaces": () => ` ${tokens.access_token} `,
  "in upper case": () => tokens.access_token.toUpperCase(),
  "a refresh token": () => tokens.refresh_token,
  "a refresh token dressed as an access token": () => tokens.refresh_token.replace("sym_rt_", "sym_at_"),
  "an authorization code": () => obtainCode(world, "app_one", "ann@example.com"),
  "of a grant whose code was not redeemed": async () => {
    const { grantId } = world.deps.keyring.read(
      "code",
      new Sealed(await obtainCode(world, "app_one", "ann@example.com")),
    )!;
    return world.deps.keyring
      .mint("access", { grantId, generation: 0, issuedAt: world.now(), variant: 0 }, world.now())
      .reveal();
  },
  "of a grant that was never stored": () =>
    world.deps.keyring
      .mint(
        "access",
        { grantId: "01900000-0000-7000-8000-000000000000" as never, generation: 1, issuedAt: world.now(), variant: 0 },
        world.now(),
      )
      .reveal(),
  "of a narrowing that the grant does not know": () =>
    world.deps.keyring.mint("access", { ...pointerOf(tokens.access_token), variant: 7 }, world.now()).reveal(),
  "its own jti": async () => (await introspect(world, "rs_any", tokens.access_token)).json().jti,
  "its grant's id": () => pointerOf(tokens.access_token).grantId,
};

const headersOf = ({ headers }: { headers: Record<string, unknown> }) => ({ ...headers, date: undefined });

describe("IN-04, IN-09, RFC 7662 §2.2, §4: every cause of inactivity gets the same bytes", () => {
  test.each(Object.entries(deaths))("%s", async (_, die) => {
    expect((await introspect(world, "rs_any", tokens.access_token)).json()).toMatchObject({ active: true });
    const garbage = await introspect(world, "rs_any", "garbage");
    await die();
    const answer = await introspect(world, "rs_any", tokens.access_token);
    expect(answer).toMatchObject({ status: 200, body: dead });
    expect(headersOf(answer)).toEqual(headersOf(garbage));
    expect((await tokenInfo(world, tokens.access_token)).status).toBe(401);
    expect(
      (await post(world, "/oauth/introspect", { token: "x" }, { authorization: `Bearer ${tokens.access_token}` }))
        .status,
    ).toBe(401);
  });

  test.each(Object.entries(neverIssued))("IN-07, TK-08: a token that is %s", async (_, make) => {
    expect(await introspect(world, "rs_any", await make())).toMatchObject({ status: 200, body: dead });
  });

  test("one access token of a grant can be revoked while another stays active", async () => {
    const second = (await refresh(world, "app_one", tokens.refresh_token)).json();
    await revoke(world, "app_one", tokens.access_token);
    expect((await introspect(world, "rs_any", tokens.access_token)).body).toBe(dead);
    expect((await introspect(world, "rs_any", second.access_token)).json()).toMatchObject({ active: true });
  });
  test("a token is active until the last second before its expiry", async () => {
    world.advance(599);
    expect((await introspect(world, "rs_any", tokens.access_token)).json()).toMatchObject({ active: true });
    world.advance(1);
    expect((await introspect(world, "rs_any", tokens.access_token)).body).toBe(dead);
  });
});

describe("IN-04: client credentials likewise", () => {
  test.each<[string, (token: string) => unknown]>([
    ["revoked", (token) => revoke(world, "app_two", token)],
    ["expired", () => world.advance(600)],
    ["the application deleted", () => removeRow(world.store.applications, "app_two" as never)],
    [
      "the application suspended",
      () => (watched.edits.application = (application) => ({ ...application, suspendedAt: 1 })),
    ],
  ])("%s", async (_, die) => {
    const { access_token } = (
      await post(world, "/oauth/token", { grant_type: "client_credentials" }, { authorization: basic("app_two") })
    ).json();
    expect((await introspect(world, "rs_any", access_token)).json()).toMatchObject({ active: true });
    await die(access_token);
    expect((await introspect(world, "rs_any", access_token)).body).toBe(dead);
  });
});

describe("IN-05: garbage is rejected before any row is read", () => {
  test("ten thousand forged tokens cost no look-up of a grant", async () => {
    const looks = () => watched.calls.filter((call) => call.startsWith("grants."));
    watched.forget();
    const forged = Array.from({ length: 1000 }, (_, at) => `sym_at_${String(at).padStart(64, "A")}`).join(" ");
    for (let at = 0; at < 10; at++)
      await post(world, "/oauth/introspect/batch", { tokens: forged }, { authorization: basic("rs_any") });
    expect(looks()).toEqual([]);
    await introspect(world, "rs_any", tokens.access_token);
    expect(looks()).toContain("grants.find");
  });
});

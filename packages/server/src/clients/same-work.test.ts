import { Sealed, type ClientId } from "@symbolon/protocol";
import { beforeEach, describe, expect, test } from "vitest";
import { authorizeUrl, browserOf, hiddenFields, obtainTokens, post } from "../../test/flows.ts";
import { watchedStore } from "../../test/watched-store.ts";
import { basic, makeWorld, secret, type World } from "../../test/world.ts";
import { secretSlot } from "./secret-slot.ts";

/*
 * Equal work in place of equal time: what differs in cost between two requests is a hash or a look-up, and those are
 * counted. A clock on a shared machine would decide nothing.
 */
let world: World;
let watched: ReturnType<typeof watchedStore>;
let work: string[];
let tokens: { access_token: string; refresh_token: string };
beforeEach(async () => {
  watched = watchedStore();
  world = await makeWorld({ store: watched.store });
  await world.addApplication("app_one");
  await world.addApplication("app_two", {
    secrets: ["one", "two"].map((text) => secretSlot(world.keyring, "app_two" as ClientId, new Sealed(text), 0)),
  });
  await world.addResourceServer("rs_api");
  await world.addAccount("ann@app.example");
  await world.addAccount("gone@app.example", [], { suspendedAt: 1 });
  tokens = await obtainTokens(world, "app_one", "ann@app.example");
  work = [];
  const { keyring, passwords } = world.deps;
  world.deps.keyring = {
    ...keyring,
    digest: (family, text) => (work.push(`digest ${family}`), keyring.digest(family, text)),
    read: (kind, token) => (work.push(`mac ${kind}`), keyring.read(kind, token)),
  };
  world.deps.passwords = {
    ...passwords,
    verify: (account, text, origin) => (work.push("password"), passwords.verify(account, text, origin)),
  };
});

/** The hashes and look-ups of a request, in order, and its answer. */
async function costOf(
  ask: () => Promise<{ status: number; body: string }>,
): Promise<{ work: string[]; answer: [number, string] }> {
  work.length = 0;
  watched.forget();
  const { status, body } = await ask();
  return { work: [...work, ...watched.calls], answer: [status, body] };
}

describe("OP-06, CA-12: failed client authentication", () => {
  const callers: [string, string, string][] = [
    ["a wrong secret", "app_one", "wrong"],
    ["wrong in its first character", "app_one", `X${secret.slice(1)}`],
    ["wrong in its last", "app_one", `${secret.slice(0, -1)}X`],
    ["a longer one", "app_one", `${secret}x`],
    ["a shorter one", "app_one", secret.slice(0, -1)],
    ["two secrets to compare with", "app_two", "wrong"],
    ["an unknown client", "app_none", "wrong"],
    ["an unknown client, a right secret", "app_none", secret],
  ];
  test.each(["/oauth/token", "/oauth/introspect", "/oauth/revoke"])(
    "costs one digest and one look-up at %s, for every cause",
    async (path) => {
      const ask = (id: string, text: string) =>
        costOf(() =>
          post(world, path, { grant_type: "client_credentials", token: "x" }, { authorization: basic(id, text) }),
        );
      const first = await ask("app_one", "wrong");
      expect(first.work).toEqual(["digest client_secret", "applications.find"]);
      for (const [, id, text] of callers) expect(await ask(id, text)).toEqual(first);
    },
  );
  test("a resource server likewise", async () => {
    const ask = (id: string, text: string) =>
      costOf(() => post(world, "/oauth/introspect", { token: "x" }, { authorization: basic(id, text) }));
    const known = await ask("rs_api", "wrong");
    expect(known.work).toEqual(["digest client_secret", "resourceServers.find"]);
    expect(await ask("rs_none", "wrong")).toEqual(known);
  });
});

describe("OP-06, WB-12: a failed sign-in", () => {
  test("costs one password hash and one look-up, for a known, unknown or suspended account", async () => {
    const browser = browserOf(world);
    const fields = hiddenFields((await browser.get(authorizeUrl("app_one"))).body);
    const ask = async (email: string) =>
      (await costOf(() => browser.post("/oauth/sign-in", { ...fields, email, password: "wrong" }))).work.filter(
        (call) => !call.startsWith("mac"),
      );
    const known = await ask("ann@app.example");
    expect(known).toEqual(["password", "applications.find", "accounts.findByEmail"]);
    for (const email of ["zoe@app.example", "gone@app.example", "a@b.c"]) expect(await ask(email)).toEqual(known);
  });
});

describe("OP-06: a forged token", () => {
  const flip = (text: string, at: number): string =>
    `${text.slice(0, at)}${text[at] === "A" ? "B" : "A"}${text.slice(at + 1)}`;
  test("costs the MAC and no look-up of a grant, wherever it differs from a genuine one", async () => {
    const ask = (token: string) =>
      costOf(() => post(world, "/oauth/introspect", { token }, { authorization: basic("rs_api") }));
    const forged = await ask(flip(tokens.access_token, 70));
    expect(forged.work.filter((call) => call.startsWith("grants."))).toEqual([]);
    for (const at of [7, 8, 20, 30, 40, 50, 60, 69]) expect(await ask(flip(tokens.access_token, at))).toEqual(forged);
    expect(await ask(`sym_at_${"A".repeat(64)}`)).toEqual(forged);
  });
  test("at the token endpoint a forged refresh token and code likewise", async () => {
    for (const [grant_type, name] of [
      ["refresh_token", "refresh_token"],
      ["authorization_code", "code"],
    ] as const) {
      const ask = (value: string) =>
        costOf(() =>
          post(
            world,
            "/oauth/token",
            { grant_type, [name]: value, code_verifier: "v".repeat(43) },
            { authorization: basic("app_one") },
          ),
        );
      const one = await ask(`sym_${name === "code" ? "ac" : "rt"}_${"A".repeat(64)}`);
      expect(one.work.filter((call) => call.startsWith("grants."))).toEqual([]);
      expect(await ask(flip(tokens.refresh_token, 60))).toEqual(one);
    }
  });
});

describe("OP-06: a genuine token", () => {
  test("is looked up once and gets the same answer, for every cause of inactivity", async () => {
    const ask = (token: string) =>
      costOf(() => post(world, "/oauth/introspect", { token }, { authorization: basic("rs_api") }));
    await post(world, "/oauth/revoke", { token: tokens.refresh_token }, { authorization: basic("app_one") });
    const revoked = await ask(tokens.access_token);
    world.advance(601);
    expect(await ask(tokens.access_token)).toEqual(revoked);
    expect(revoked.work.filter((call) => call === "grants.find")).toHaveLength(1);
  });
});

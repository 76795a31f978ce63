import { Sealed, type ClientId } from "@symbolon/protocol";
import { describe, expect, test } from "vitest";
import { editRow } from "@symbolon/testing";
import {
  authorizeUrl,
  browserOf,
  introspect,
  obtainCode,
  obtainTokens,
  post,
  signIn,
  tokenInfo,
} from "../../test/flows.ts";
import { basic, makeWorld, secret, verifier } from "../../test/world.ts";
import { secretSlot } from "../clients/secret-slot.ts";

type Artefact = "access" | "refresh" | "code" | "client secret" | "session" | "transaction" | "grant id";
type Use =
  | "code at the token endpoint"
  | "refresh token at the token endpoint"
  | "access token at introspection"
  | "access token at token_info"
  | "client secret"
  | "session cookie";

const proper: Record<Artefact, readonly Use[]> = {
  access: ["access token at introspection", "access token at token_info"],
  refresh: ["refresh token at the token endpoint"],
  code: ["code at the token endpoint"],
  "client secret": ["client secret"],
  session: ["session cookie"],
  transaction: [],
  "grant id": [],
};

async function worldWithEveryArtefact() {
  const world = await makeWorld();
  await world.addApplication("app");
  await world.addAccount("ann@app.example");
  await world.addResourceServer("rs_api");
  const pair = await obtainTokens(world, "app", "ann@app.example");
  const browser = browserOf(world);
  const consent = await signIn(browser, authorizeUrl("app", { prompt: "consent" }), "ann@app.example");
  const artefacts: Record<Artefact, string> = {
    access: pair.access_token,
    refresh: pair.refresh_token,
    code: await obtainCode(world, "app", "ann@app.example", { prompt: "consent" }),
    "client secret": secret,
    session: browser.cookies.get("symbolon-session")!,
    transaction: /name="transaction" value="([^"]*)"/.exec(consent.body)![1]!,
    "grant id": world.keyring.read("access", new Sealed(pair.access_token))!.grantId,
  };
  const asApp = { authorization: basic("app") };
  const uses: Record<Use, (artefact: string) => Promise<boolean>> = {
    "code at the token endpoint": async (code) =>
      (await post(world, "/oauth/token", { grant_type: "authorization_code", code, code_verifier: verifier }, asApp))
        .status === 200,
    "refresh token at the token endpoint": async (refresh_token) =>
      (await post(world, "/oauth/token", { grant_type: "refresh_token", refresh_token }, asApp)).status === 200,
    "access token at introspection": async (token) => (await introspect(world, "rs_api", token)).json().active,
    "access token at token_info": async (token) => (await tokenInfo(world, token)).status === 200,
    "client secret": async (text) =>
      (await post(world, "/oauth/token", { grant_type: "client_credentials", client_id: "app", client_secret: text }))
        .status === 200,
    "session cookie": async (cookie) =>
      (
        await world.app.inject({
          url: authorizeUrl("app"),
          headers: { host: "localhost:8787", cookie: `symbolon-session=${cookie}` },
        })
      ).statusCode === 303,
  };
  return { world, artefacts, uses, asApp };
}

describe("TK-07: each kind of token is accepted only for its purpose", () => {
  test.each(Object.keys(proper) as Artefact[])("%s", async (artefact) => {
    const passed: Use[] = [];
    for (const name of Object.keys((await worldWithEveryArtefact()).uses) as Use[]) {
      const { world, artefacts, uses } = await worldWithEveryArtefact();
      if (name === "client secret") await unbind(world);
      if (await uses[name](artefacts[artefact])) passed.push(name);
    }
    expect(passed).toEqual(proper[artefact]);
  });

  test("a token with the prefix of another kind is refused: each kind has its own MAC key", async () => {
    const { artefacts, uses } = await worldWithEveryArtefact();
    const relabelled = (kind: Artefact, prefix: string) => prefix + artefacts[kind].slice(7);
    expect(await uses["access token at introspection"](relabelled("refresh", "sym_at_"))).toBe(false);
    expect(await uses["refresh token at the token endpoint"](relabelled("access", "sym_rt_"))).toBe(false);
    expect(await uses["refresh token at the token endpoint"](relabelled("code", "sym_rt_"))).toBe(false);
    expect(await uses["code at the token endpoint"](relabelled("refresh", "sym_ac_"))).toBe(false);
  });
});

/** The application may authenticate in the body from now on. */
const unbind = (world: Awaited<ReturnType<typeof makeWorld>>) =>
  editRow(world.store.applications, "app" as ClientId, {
    secrets: [secretSlot(world.keyring, "app" as ClientId, new Sealed(secret), 0)],
    authMethod: null,
  });

describe("TK-08: a token has one spelling", () => {
  const misspellings: [string, (token: string) => string][] = [
    ["cut short", (token) => token.slice(0, -1)],
    ["cut at the front", (token) => token.slice(1)],
    ["with padding", (token) => `${token}=`],
    ["in upper case", (token) => token.toUpperCase()],
    ["in lower case", (token) => token.toLowerCase()],
    ["with a prefix in another case", (token) => `SYM${token.slice(3)}`],
    ["with a space before", (token) => ` ${token}`],
    ["with a space after", (token) => `${token} `],
    ["with a line break after", (token) => `${token}\n`],
    ["percent-encoded twice", (token) => token.replace("_", "%5F")],
    ["with NUL after", (token) => `${token}\0`],
    ["twice", (token) => token + token],
  ];
  test.each(misspellings)(
    "%s: inactive as an access token, invalid_grant as refresh token and code",
    async (_what, misspell) => {
      const { world, artefacts, uses, asApp } = await worldWithEveryArtefact();
      const { access, refresh, code } = artefacts;
      expect((await introspect(world, "rs_api", misspell(access))).body).toBe('{"active":false}');
      const forms: Record<string, string>[] = [
        { grant_type: "refresh_token", refresh_token: misspell(refresh) },
        { grant_type: "authorization_code", code: misspell(code), code_verifier: verifier },
      ];
      for (const form of forms)
        expect((await post(world, "/oauth/token", form, asApp)).json().error).toBe("invalid_grant");
      expect(await uses["refresh token at the token endpoint"](refresh)).toBe(true);
    },
  );
});

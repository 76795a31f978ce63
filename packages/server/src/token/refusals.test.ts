import { Sealed, type ClientId } from "@symbolon/protocol";
import { beforeEach, describe, expect, test } from "vitest";
import { editRow } from "@symbolon/testing";
import { obtainCode, post, redeem } from "../../test/flows.ts";
import { basic, makeWorld, redirectUri, verifier, type World } from "../../test/world.ts";
import type { ServerEvent } from "../events.ts";

/** What the log and the answer say about each refusal at the token endpoint (RFC 6749 §5.2). */
const ann = "ann@app.example";
const files = "https://files.example";
let world: World;
let code: string;
beforeEach(async () => {
  world = await makeWorld();
  await world.addApplication("app", { scope: ["read"] });
  await world.addApplication("public", { type: "public", authMethod: "none", secrets: [] });
  await world.addResourceServer("rs_files", files);
  await world.addAccount(ann);
  code = await obtainCode(world, "app", ann, { scope: "read" });
});

type Sent = Record<string, string | undefined>;

/** The status, the description and the last event; a parameter that is `undefined` is left out. */
async function refused(sent: Sent): Promise<{ status: number; says: string; event: ServerEvent | undefined }> {
  const form = Object.entries(sent).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const answer = await post(world, "/oauth/token", new URLSearchParams(form).toString(), {
    authorization: basic("app"),
  });
  return { status: answer.status, says: String(answer.json().error_description), event: world.events.at(-1) };
}

const suspendAnn = async (): Promise<boolean> =>
  editRow(world.store.accounts, (await world.store.accounts.findByEmail(ann))!.id, { suspendedAt: 1 });

function loseGrants(): void {
  world.store.grants.find = async () => undefined;
  world.store.grants.change = async (_id, decide) => (await decide(undefined)).answer;
}

describe("a refused code: the reason, the client and, once a code names it, the grant are in the log", () => {
  const refusedCode = (sent: Sent) =>
    refused({ grant_type: "authorization_code", code, code_verifier: verifier, redirect_uri: redirectUri, ...sent });

  test.for<[Sent, string, string]>([
    [{ code: undefined }, "parameter_missing", "(code)"],
    [{ code_verifier: undefined }, "verifier_missing", "(code_verifier)"],
    [{ code_verifier: "short" }, "verifier_malformed", "(code_verifier)"],
    [{ expires_in: "0" }, "parameter_invalid", "(expires_in)"],
    [{ code: "sym_ac_x" }, "token_not_ours", ""],
  ])("%j: %s", async ([sent, reason, says]) => {
    const answer = await refusedCode(sent);
    expect(answer).toEqual({
      status: 400,
      says: expect.stringContaining(says),
      event: { name: "code.refused", reason, client: "app" },
    });
  });

  test.for<[Sent, string]>([
    [{ resource: "https://foreign.example" }, "resource_unknown"],
    [{ redirect_uri: "https://app.example/other" }, "redirect_uri_mismatch"],
  ])("%j: %s", async ([sent, reason]) => {
    const { grantId: grant } = world.keyring.read("code", new Sealed(code))!;
    const answer = await refusedCode(sent);
    expect(answer).toMatchObject({ status: 400, event: { name: "code.refused", reason, client: "app", grant } });
  });

  test("owner_suspended, and the code is good again once the account is", async () => {
    const { grantId: grant } = world.keyring.read("code", new Sealed(code))!;
    await suspendAnn();
    expect(await refusedCode({})).toMatchObject({
      status: 400,
      event: { name: "code.refused", reason: "owner_suspended", client: "app", grant },
    });
    await editRow(world.store.accounts, (await world.store.accounts.findByEmail(ann))!.id, { suspendedAt: null });
    expect((await redeem(world, "app", code)).status).toBe(200);
  });

  test("a code whose grant is gone is refused as unknown, not as one of a suspended account", async () => {
    loseGrants();
    const { event } = await refusedCode({});
    expect(event).toMatchObject({ name: "code.refused", client: "app", reason: expect.not.stringMatching("owner") });
  });
});

describe("a refused refresh: the reason, the client and, once a token names it, the grant are in the log", () => {
  let refreshToken: string;
  beforeEach(async () => {
    refreshToken = (await redeem(world, "app", code)).json().refresh_token;
  });
  const refusedRefresh = (sent: Sent) => refused({ grant_type: "refresh_token", refresh_token: refreshToken, ...sent });
  const grantId = () => world.keyring.read("refresh", new Sealed(refreshToken))!.grantId;

  test.for<[Sent, string, string]>([
    [{ refresh_token: undefined }, "parameter_missing", "(refresh_token)"],
    [{ expires_in: "0" }, "parameter_invalid", "(expires_in)"],
    [{ refresh_intent: "a".repeat(21) }, "parameter_invalid", "(refresh_intent)"],
    [{ refresh_token: "sym_rt_x" }, "token_not_ours", ""],
  ])("%j: %s", async ([sent, reason, says]) => {
    expect(await refusedRefresh(sent)).toEqual({
      status: 400,
      says: expect.stringContaining(says),
      event: { name: "refresh.refused", reason, client: "app" },
    });
  });

  test.for<[Sent, string]>([
    [{ resource: "https://foreign.example" }, "resource_unknown"],
    [{ scope: "read write" }, "scope_wider_than_grant"],
  ])("%j: %s", async ([sent, reason]) => {
    const event = { name: "refresh.refused", reason, client: "app", grant: grantId() };
    expect(await refusedRefresh(sent)).toMatchObject({ status: 400, event });
  });

  test("owner_suspended", async () => {
    await suspendAnn();
    const event = { name: "refresh.refused", reason: "owner_suspended", client: "app", grant: grantId() };
    expect(await refusedRefresh({})).toMatchObject({ status: 400, event });
  });

  test("a token whose grant is gone is refused as unknown, not as one of a suspended account", async () => {
    loseGrants();
    const { status, event } = await refusedRefresh({});
    expect(status).toBe(400);
    expect(event).toMatchObject({ name: "refresh.refused", reason: expect.not.stringMatching("owner") });
  });
});

describe("refused client credentials: the reason and the client are in the log", () => {
  test.for<[Sent, string, string]>([
    [{ expires_in: "0" }, "parameter_invalid", "(expires_in)"],
    [{ resource: "https://foreign.example" }, "resource_unknown", "(resource)"],
    [{ scope: "read write" }, "scope_not_allowed", "(scope)"],
  ])("%j: %s", async ([sent, reason, says]) => {
    expect(await refused({ grant_type: "client_credentials", ...sent })).toEqual({
      status: 400,
      says: expect.stringContaining(says),
      event: { name: "token.refused", reason, client: "app" },
    });
  });

  test("grant_type_not_allowed for a public client", async () => {
    const answer = await post(world, "/oauth/token", { grant_type: "client_credentials", client_id: "public" });
    expect(answer.json().error_description).toContain("(grant_type)");
    expect(world.events.at(-1)).toEqual({ name: "token.refused", reason: "grant_type_not_allowed", client: "public" });
  });

  test("variants_exhausted, if the 256 narrowings of the grant are others (TK-09)", async () => {
    await refused({ grant_type: "client_credentials" });
    const { grant } = world.events.at(-1) as Extract<ServerEvent, { name: "token.issued" }>;
    const lifetimes = Array.from({ length: 256 }, (_, index) => 1000 + index);
    await world.store.grants.change(grant, (row) => ({
      answer: null,
      write: { ...row!, variants: lifetimes.map((lifetimeSeconds) => ({ ...row!.variants[0]!, lifetimeSeconds })) },
    }));
    expect(await refused({ grant_type: "client_credentials" })).toMatchObject({
      status: 400,
      event: { name: "token.refused", reason: "variants_exhausted", client: "app" },
    });
  });

  test("a token that is issued is in the log with its grant", async () => {
    await refused({ grant_type: "client_credentials" });
    const grants = await world.store.grants.list({ application: "app" as ClientId, limit: 9 });
    const grant = grants.find(({ owner }) => owner === null);
    expect(world.events.at(-1)).toEqual({
      name: "token.issued",
      client: "app",
      grant: grant!.id,
      grantType: "client_credentials",
    });
  });
});

describe("a refused grant_type", () => {
  test.for<[Sent, string]>([
    [{}, "parameter_missing"],
    [{ grant_type: "password" }, "grant_type_unsupported"],
  ])("%j: %s", async ([sent, reason]) => {
    expect(await refused({ scope: "read", ...sent })).toEqual({
      status: 400,
      says: expect.stringContaining("(grant_type)"),
      event: { name: "token.refused", reason, client: "app" },
    });
  });
});

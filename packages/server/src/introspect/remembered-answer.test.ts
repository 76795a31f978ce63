import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseToken, Sealed, type AccountId } from "@symbolon/protocol";
import { openSqliteStore, type SqliteStore } from "@symbolon/store-sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { editRow } from "@symbolon/testing";
import { introspect, obtainTokens, refresh } from "../../test/flows.ts";
import { issuer, makeWorld, type World } from "../../test/world.ts";
import { decideRevoke } from "../grants/revoke.ts";
import type { Variant } from "../grants/grant.ts";
import type { PresentedToken } from "../keyring/keyring.ts";
import { describeToken } from "./response.ts";

/** RFC 7662 §2.2, on a store that keeps rows in memory, where an answer is kept with its row (docs/decisions/0015). */
let world: World;
let store: SqliteStore;
let folder: string;
let tokens: { access_token: string; refresh_token: string };
const path = () => join(folder, "symbolon.sqlite");
const ask = async (token: string) => (await introspect(world, "rs_files", token)).json();

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "symbolon-answer-"));
  store = openSqliteStore({ path: path() });
  world = await makeWorld({ store });
  await world.addApplication("app", { replay: { preset: "window", seconds: 120 } });
  await world.addAccount("ann@example.com");
  await world.addResourceServer("rs_files");
  tokens = await obtainTokens(world, "app", "ann@example.com");
  await ask(tokens.access_token);
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("I5, IN-09: a cached answer is used no longer than its rows", () => {
  const grantId = () => parseToken(tokens.access_token)!.pointer.grantId;

  test("revoked by another connection, as by another process", async () => {
    const other = openSqliteStore({ path: path() });
    await other.grants.change(grantId(), decideRevoke("revoked_by_operator", world.now()));
    expect(await ask(tokens.access_token)).toEqual({ active: false });
    await other.close();
  });

  test("the account suspended by another connection", async () => {
    const other = openSqliteStore({ path: path() });
    const account = (await other.accounts.findByEmail("ann@example.com"))!;
    await editRow(other.accounts, account.id, { suspendedAt: world.now() });
    expect(await ask(tokens.access_token)).toEqual({ active: false });
    await other.close();
  });

  test("expired, without a changed row", async () => {
    expect(await ask(tokens.access_token)).toMatchObject({ active: true, username: "ann@example.com" });
    world.advance(600);
    expect(await ask(tokens.access_token)).toEqual({ active: false });
  });

  test("the row of the owner has changed, and the row of the grant has not", async () => {
    const { pointer } = parseToken(tokens.access_token)!;
    const grant = (await store.grants.find(pointer.grantId))!;
    const owner = (await store.accounts.find(grant.owner as AccountId))!;
    const application = (await store.applications.find(grant.application))!;
    const token: PresentedToken = new Sealed(tokens.access_token);
    const [variant] = grant.variants as [Variant];
    const active = { grant, variant, application, pointer, expiresAt: 0, token, confirms: undefined };
    const describe = (email: string) => describeToken({ ...active, owner: { ...owner, email } }, { issuer });
    expect(describe("ann@example.com")).toMatchObject({ username: "ann@example.com" });
    expect(describe("anna@example.com")).toMatchObject({ username: "anna@example.com" });
    expect(describeToken({ ...active, owner: undefined }, { issuer })).not.toHaveProperty("username");
  });

  test("two tokens of one grant, introspected alternately, have their own answers", async () => {
    world.advance(5);
    const next = (await refresh(world, "app", tokens.refresh_token)).json();
    const first = await ask(tokens.access_token);
    const second = await ask(String(next["access_token"]));
    expect(second["iat"]).toBe(Number(first["iat"]) + 5);
    expect(second["jti"]).not.toBe(first["jti"]);
    expect(await ask(tokens.access_token)).toEqual(first);
  });
});

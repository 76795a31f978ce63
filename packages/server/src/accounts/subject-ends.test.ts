import { beforeEach, describe, expect, test } from "vitest";
import type { ExternalSubject, Owner } from "@symbolon/protocol";
import { exampleGrant, exampleGrantId } from "@symbolon/testing";
import { authorizeUrl, browserOf, introspect, post } from "../../test/flows.ts";
import { basic, makeWorld, type World } from "../../test/world.ts";
import { externalSubject, subOf } from "./owner.ts";
import { findSignedInUser, startExternalSession } from "./session.ts";
import { endSubject, endSubjectSessions, resumeSubject, suspendSubject } from "./subject-ends.ts";

const ada = externalSubject("ada-77")!;
const person = { name: "Ada Lovelace", resources: [], acr: null };

let world: World;
beforeEach(async () => {
  world = await makeWorld();
  await world.addApplication("app");
});

const startSession = async (owner: ExternalSubject = ada) =>
  (await startExternalSession(owner, { ...person, authenticatedAt: world.now() }, world.deps)).cookie;

const isSignedIn = async (cookie: Awaited<ReturnType<typeof startSession>>): Promise<boolean> =>
  (await findSignedInUser(cookie, world.deps)) !== undefined;

const addGrant = async (owner: Owner, number = 1): Promise<string> => {
  const grant = exampleGrant({
    id: exampleGrantId(number),
    application: "app" as never,
    owner,
    generationIssuedAt: world.now(),
    expiresAt: world.now() + 9999,
    idleExpiresAt: world.now() + 9999,
  });
  await world.store.grants.insert(grant);
  const pointer = { grantId: grant.id, generation: 1, issuedAt: world.now(), variant: 0 };
  return world.keyring.mint("access", pointer, world.now()).reveal();
};

describe("a subject of the provider's own sign-in", () => {
  test.each(["ada-77", "019a0000-0000-7000-9000-000000000001", "https://login.example/#ada|7", "x".repeat(255)])(
    "may be %j, and is the sub of its tokens (RFC 7519 §4.1.2)",
    async (sub) => {
      const token = await addGrant(externalSubject(sub)!);
      const answer = (await introspect(world, "app", token)).json();
      expect(answer).toMatchObject({ active: true, sub, resource_owner: { type: "Subject", uuid: sub } });
      expect(answer).not.toHaveProperty("username");
      expect(subOf(externalSubject(sub)!)).toBe(sub);
    },
  );

  test.each(["", "x".repeat(256), "Ada Lovelace", "ada\n", "ädä", "app_a82gg3r050160140", "rs_a82gg3r050160140"])(
    "is not %j: client ids are the sub of client credentials (TK-17)",
    (sub) => expect(externalSubject(sub)).toBeUndefined(),
  );

  test("a session tells the name and the resources that the sign-in gave", async () => {
    const resources = [{ name: "Company/77" as never, label: "Acme" }];
    const { cookie } = await startExternalSession(ada, { ...person, resources, authenticatedAt: 5 }, world.deps);
    const user = await findSignedInUser(cookie, world.deps);
    expect(user).toMatchObject({ owner: ada, name: "Ada Lovelace", resources, session: { authenticatedAt: 5 } });
  });

  test.each(["owner", "person", "authenticatedAt"] as const)(
    "a session whose %s was changed in the database is over (ST-02)",
    async (member) => {
      const { cookie, session } = await startExternalSession(ada, { ...person, authenticatedAt: 5 }, world.deps);
      await world.store.sessions.delete(session.digest);
      const others = {
        owner: externalSubject("eve")!,
        person: { ...person, resources: [{ name: "Company/1" as never, label: "" }] },
        authenticatedAt: 6,
      };
      await world.store.sessions.insert({ ...session, [member]: others[member] });
      expect(await isSignedIn(cookie)).toBe(false);
    },
  );

  test("a session ends when the sign-in said, also within its usual life", async () => {
    const until = world.now() + 60;
    const { cookie } = await startExternalSession(ada, { ...person, authenticatedAt: 5, until }, world.deps);
    world.advance(59);
    expect(await isSignedIn(cookie)).toBe(true);
    world.advance(1);
    expect(await isSignedIn(cookie)).toBe(false);
  });
});

describe("WB-17: what ends a subject", () => {
  test("a suspension: sessions, grants and tokens, at once; after it the person may come again", async () => {
    const [cookie, token] = [await startSession(), await addGrant(ada)];
    const other = await startSession(externalSubject("bob")!);
    expect(await suspendSubject("ada-77", world.deps)).toEqual({ revokedGrants: 1, endedSessions: 1 });
    expect([await isSignedIn(cookie), await isSignedIn(other)]).toEqual([false, true]);
    expect((await introspect(world, "app", token)).json()).toEqual({ active: false });
    const late = await startSession();
    expect(await isSignedIn(late)).toBe(false);
    await resumeSubject("ada-77", world.deps);
    expect([await isSignedIn(cookie), await isSignedIn(late)]).toEqual([false, true]);
    expect((await introspect(world, "app", token)).json()).toEqual({ active: false });
  });

  test("a suspension: no token for a grant that was stored meanwhile, and a resumption revokes it", async () => {
    await suspendSubject("ada-77", world.deps);
    const token = await addGrant(ada);
    expect((await introspect(world, "app", token)).json()).toEqual({ active: false });
    const refreshToken = world.keyring
      .mint("refresh", { grantId: exampleGrantId(1), generation: 1, issuedAt: 0, variant: 0 }, world.now())
      .reveal();
    const form = { grant_type: "refresh_token", refresh_token: refreshToken };
    expect((await post(world, "/oauth/token", form, { authorization: basic("app") })).json()).toMatchObject({
      error: "invalid_grant",
    });
    expect(await resumeSubject("ada-77", world.deps)).toEqual({ revokedGrants: 1, endedSessions: 0 });
    expect((await introspect(world, "app", token)).json()).toEqual({ active: false });
  });

  test("an end: sessions and grants; the person may sign in again at once", async () => {
    const [cookie, token] = [await startSession(), await addGrant(ada)];
    expect(await endSubject("ada-77", world.deps)).toEqual({ revokedGrants: 1, endedSessions: 1 });
    expect(await isSignedIn(cookie)).toBe(false);
    expect((await introspect(world, "app", token)).json()).toEqual({ active: false });
    expect(await isSignedIn(await startSession())).toBe(true);
  });

  test("an end of its sessions leaves the grants", async () => {
    const [cookie, token] = [await startSession(), await addGrant(ada)];
    expect(await endSubjectSessions("ada-77", world.deps)).toEqual({ revokedGrants: 0, endedSessions: 1 });
    expect(await isSignedIn(cookie)).toBe(false);
    expect((await introspect(world, "app", token)).json()).toMatchObject({ active: true });
  });

  test("the sub of a built-in account and of the own sign-in are ended together, and mixed up nowhere else", async () => {
    const account = await world.addAccount("ann@example.com");
    const twin = externalSubject(account.id)!;
    const tokens = [await addGrant(account.id, 1), await addGrant(twin, 2)];
    expect((await suspendSubject(account.id, world.deps)).revokedGrants).toBe(2);
    for (const token of tokens) expect((await introspect(world, "app", token)).json()).toEqual({ active: false });
    await world.store.subjects.setSuspended(twin, null);
    expect((await world.store.accounts.find(account.id))?.suspendedAt).not.toBeNull();
  });

  test("grants of built-in accounts work on after the provider moved to its own sign-in", async () => {
    const account = await world.addAccount("ann@example.com");
    const token = await addGrant(account.id);
    const browser = browserOf(world);
    browser.cookies.set("symbolon-session", (await startSession()).reveal());
    expect((await browser.get(authorizeUrl("app"))).body).toContain("<h1>Consent</h1>");
    expect((await introspect(world, "app", token)).json()).toMatchObject({ active: true, sub: account.id });
  });
});

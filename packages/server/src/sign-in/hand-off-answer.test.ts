import { beforeEach, describe, expect, test } from "vitest";
import { authorizeUrl, browserOf } from "../../test/flows.ts";
import {
  ada,
  idIn,
  leave,
  loginUrl,
  makeHandOffWorld,
  pathOf,
  signInThere,
  type HandOffWorld,
} from "../../test/hand-off.ts";
import { addManagementClient, manage, managementToken } from "../../test/management.ts";
import { type World } from "../../test/world.ts";
import { suspendSubject } from "../accounts/subject-ends.ts";

let host: HandOffWorld;
let world: World;
beforeEach(async () => {
  host = await makeHandOffWorld();
  ({ world } = host);
});

const typeOf = (answer: { json(): Record<string, unknown> }) => String(answer.json()["type"]).split("/").at(-1);

describe("SI-03: what the host says of a person", () => {
  test("a suspended subject is refused, also if it is suspended after the answer", async () => {
    const { browser, id } = await leave(world);
    const path = pathOf((await host.complete(id)).json()["location"]);
    await suspendSubject("ada-77", world.deps);
    const late = await browser.get(path);
    expect([late.status, late.body.includes("subject_suspended")]).toEqual([403, true]);
    expect(browser.cookies.has("symbolon-session")).toBe(false);
    const answer = await host.complete((await leave(world)).id);
    expect([answer.status, typeOf(answer)]).toEqual([403, "subject_suspended"]);
  });

  const company = { type: "Company", id: "77", label: "Acme" };
  const cases: [string, object, string][] = [
    ["a subject with a space", { subject: "ada 77" }, "/subject"],
    ["a subject of 256 characters", { subject: "x".repeat(256) }, "/subject"],
    ["a subject like a client id", { subject: "app_a82gg3r050160140" }, "/subject"],
    ["a sign-in of tomorrow", { authTime: 1_795_000_000 + 86_400 }, "/authTime"],
    ["no name", { name: " " }, "/name"],
    ["a name of two lines", { name: "Ada\nLovelace" }, "/name"],
    ["a resource without a type", { resources: [{ ...company, type: "" }] }, "/resources"],
    ["a resource whose id has a slash", { resources: [{ ...company, id: "7/7" }] }, "/resources"],
    ["a resource twice", { resources: [company, company] }, "/resources"],
    ["101 resources", { resources: Array.from({ length: 101 }, (_, n) => ({ ...company, id: `${n}` })) }, "/resources"],
    ["a session that is over", { sessionUntil: 1_795_000_000 - 1 }, "/sessionUntil"],
    [
      "consent for a resource of others",
      { resources: [company], consent: { decision: "allow", resource: "Company/1" } },
      "/consent",
    ],
    [
      "consent without a resource, of several",
      { resources: [company, { ...company, id: "78" }], consent: { decision: "allow" } },
      "/consent",
    ],
    ["consent for a scope that was not asked", { consent: { decision: "allow", scope: ["admin"] } }, "/consent"],
    ["consent for a scope twice", { consent: { decision: "allow", scope: ["read", "read"] } }, "/consent"],
    [
      "a denial with a resource",
      { resources: [company], consent: { decision: "deny", resource: "Company/77" } },
      "/consent",
    ],
    ["an unknown field", { email: "ada@login.example" }, "/email"],
  ];
  test.each(cases)("%s is refused by name", async (_, given, field) => {
    const { id } = await leave(world);
    const answer = await host.complete(id, given);
    expect(answer.status).toBe(422);
    expect(answer.json()["errors"]).toEqual([expect.objectContaining({ field: expect.stringContaining(field) })]);
    expect((await host.complete(id)).status).toBe(200);
  });

  test("the session ends when the host says", async () => {
    const { browser } = await signInThere(host, { sessionUntil: world.now() + 60 });
    world.advance(60);
    expect((await browser.get(authorizeUrl("app"))).location).toContain(loginUrl);
  });
});

describe("SI-04, AD-01: who may answer, and where it leads", () => {
  test("a token with other scopes of the API may not, and the login server's may do nothing else", async () => {
    const { id } = await leave(world);
    await addManagementClient(world, "tool", ["symbolon:read", "symbolon:write", "symbolon:secrets"]);
    const token = await managementToken(world, "tool");
    expect((await manage(world, token, "POST", `/sign-ins/${id}/complete`, ada(world))).status).toBe(403);
    expect((await manage(world, undefined, "POST", `/sign-ins/${id}/complete`, ada(world))).status).toBe(401);
    expect((await manage(world, host.token, "GET", "/applications")).status).toBe(403);
    expect((await manage(world, host.token, "POST", "/subjects/ada-77/suspend")).status).toBe(403);
  });

  test("the return address is this server's own, and what the browser adds to its request does not matter", async () => {
    const { location } = await browserOf(world).get(
      authorizeUrl("app", { return_to: "https://evil.example", sign_in: "https://evil.example" }),
      { "x-forwarded-host": "evil.example", origin: "https://evil.example" },
    );
    const { location: back } = (await host.complete(idIn(location))).json();
    expect(String(back).startsWith("http://localhost:8787/oauth/sign-in/return?sign_in=sym_si_")).toBe(true);
  });

  test("where people have built-in accounts there is nothing to answer and nothing to come back from", async () => {
    const { browser, id } = await leave(world);
    delete world.deps.config.signIn;
    expect([(await host.read(id)).status, (await host.complete(id)).status]).toEqual([404, 404]);
    expect((await browser.get(`/oauth/sign-in/return?sign_in=${id}`)).body).toContain("sign_in_unknown");
  });

  test("ST-02: an answer that was written into the database by another program signs no one in", async () => {
    const { browser, id } = await leave(world);
    const nonce = JSON.parse(Buffer.from(id.slice(7).split(".")[0]!, "base64url").toString())[0] as string;
    const digest = world.keyring.digest("sign_in", `answer\0${nonce}`);
    const person = { name: "Ada", resources: [], acr: null, authenticatedAt: world.now() };
    const text = JSON.stringify({ completed: { owner: "subject:ada-77", person } });
    const value = Buffer.from(`${"A".repeat(43)}${text}`);
    await world.store.once.put({ id: digest, value, until: world.now() + 300 }, world.now());
    const page = await browser.get(`/oauth/sign-in/return?sign_in=${id}`);
    expect(page.body).toContain("<p>not_completed</p>");
  });
});

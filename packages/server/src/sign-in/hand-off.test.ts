import { beforeEach, describe, expect, test } from "vitest";
import { authorizeUrl, browserOf, hiddenFields, introspect, redeem } from "../../test/flows.ts";
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
import { watchedStore } from "../../test/watched-store.ts";
import { redirectUri, type World } from "../../test/world.ts";
import { suspendSubject } from "../accounts/subject-ends.ts";

let host: HandOffWorld;
let world: World;
beforeEach(async () => {
  host = await makeHandOffWorld();
  ({ world } = host);
});

const codeIn = (location: string) => new URL(location).searchParams.get("code");
const errorIn = (location: string) => new URL(location).searchParams.get("error");
const typeOf = (answer: { json(): Record<string, unknown> }) => String(answer.json()["type"]).split("/").at(-1);

describe("a sign-in on the provider's own login page", () => {
  test("one redirect out, one call, one redirect back, then consent and a code", async () => {
    const { browser, location, id } = await leave(world);
    expect(location.startsWith(`${loginUrl}?sign_in=sym_si_`)).toBe(true);
    const resources = [
      { type: "Company", id: "77", label: "Acme" },
      { type: "Company", id: "78", label: "Byron" },
    ];
    const completed = await host.complete(id, { resources });
    expect([completed.status, completed.json()]).toEqual([
      200,
      { location: `http://localhost:8787/oauth/sign-in/return?sign_in=${id}` },
    ]);
    const back = await browser.get(pathOf(completed.json()["location"]));
    const consent = await browser.get(back.location);
    expect(consent.body).toContain("Ada Lovelace");
    const form = { ...hiddenFields(consent.body), decision: "allow", resource: "Company/78" };
    const code = codeIn((await browser.post("/oauth/consent", form)).location)!;
    const { access_token } = (await redeem(world, "app", code)).json();
    expect((await introspect(world, "app", access_token)).json()).toMatchObject({
      active: true,
      sub: "ada-77",
      resource: { type: "Company", uuid: "78" },
      resource_owner: { type: "Subject", uuid: "ada-77" },
    });
  });

  test("the provider's server reads what is asked", async () => {
    const { id } = await leave(world, {
      scope: "read",
      prompt: "login",
      max_age: "300",
      login_hint: "ada@login.example",
      acr_values: "urn:mfa urn:pwd",
      resource_hint: "Company/77",
      ui_locales: "de-AT en",
    });
    expect((await host.read(id)).json()).toEqual({
      application: { id: "app", name: "Payroll Sync" },
      scope: ["read"],
      prompt: ["login"],
      maxAge: 300,
      loginHint: "ada@login.example",
      acrValues: ["urn:mfa", "urn:pwd"],
      uiLocales: ["de-AT", "en"],
      resourceHint: "Company/77",
      expiresAt: world.now() + 600,
      location: `http://localhost:8787/oauth/sign-in/return?sign_in=${id}`,
    });
  });

  test.each([
    ["all that was asked", {}, "read write"],
    ["less than was asked", { scope: ["read"] }, "read"],
  ])("with consent drawn by the provider, to %s: the browser gets its code at once", async (_, given, scope) => {
    const resources = [{ type: "Company", id: "77", label: "Acme" }];
    const consent = { decision: "allow", resource: "Company/77", ...given };
    const { back } = await signInThere(host, { resources, consent });
    const tokens = (await redeem(world, "app", codeIn(back.location)!)).json();
    expect(tokens.scope).toBe(scope);
    expect((await introspect(world, "app", tokens.access_token)).json().resource).toEqual({
      type: "Company",
      uuid: "77",
    });
  });

  test("with consent denied there, the application gets access_denied", async () => {
    const { back } = await signInThere(host, { consent: { decision: "deny" } });
    expect(errorIn(back.location)).toBe("access_denied");
  });

  test.each(["access_denied", "login_required", "unmet_authentication_requirements"])(
    "refused there as %s, the application gets that code, and no session begins",
    async (reason) => {
      const { browser, id } = await leave(world);
      const { location } = (await host.refuse(id, reason)).json();
      const back = await browser.get(pathOf(location));
      expect([back.location.startsWith(redirectUri), errorIn(back.location)]).toEqual([true, reason]);
      expect(browser.cookies.has("symbolon-session")).toBe(false);
    },
  );

  test("a second request of the same browser needs no sign-in", async () => {
    const { browser } = await signInThere(host);
    expect((await browser.get(authorizeUrl("app"))).body).toContain("<h1>Consent</h1>");
  });

  test("SI-05: another account is asked for where the person asks for one", async () => {
    const { browser, page } = await signInThere(host);
    const next = await browser.post("/oauth/sign-out", hiddenFields(page.body));
    const { location } = await browser.get(next.location);
    expect((await host.read(idIn(location))).json()["prompt"]).toEqual(["select_account"]);
    await host.complete(idIn(location), { subject: "bob", name: "Bob" });
    const back = await browser.get(pathOf((await host.read(idIn(location))).json()["location"]));
    expect((await browser.get(back.location)).body).toContain("Bob");
  });

  test("signing out ends the session here", async () => {
    const { browser } = await signInThere(host);
    const page = await browser.get("/oauth/sign-out");
    expect(page.body).toContain("Ada Lovelace");
    await browser.post("/oauth/sign-out", hiddenFields(page.body));
    expect((await browser.get(authorizeUrl("app"))).location).toContain(loginUrl);
  });
});

describe("SI-05: the request holds to the end, also where the host ignores it", () => {
  const refusedField = async (given: object, parameters: Record<string, string>) => {
    const { id } = await leave(world, parameters);
    const answer = await host.complete(id, given);
    return answer.status === 200 ? 200 : (answer.json()["errors"] as { field: string }[])[0]!.field;
  };
  const ago = (seconds: number) => ({ authTime: world.now() - seconds });

  test.each([
    ["prompt=login, a sign-in of before", { prompt: "login" }, 120, "/authTime"],
    ["prompt=login, a sign-in of now", { prompt: "login" }, 0, 200],
    ["max_age=300, a sign-in of ten minutes ago", { max_age: "300" }, 600, "/authTime"],
    ["max_age=300, a sign-in of four minutes ago", { max_age: "300" }, 240, 200],
    ["no prompt, a sign-in of last week", {}, 604_800, 200],
  ])("%s", async (_, parameters, seconds, expected) =>
    expect(await refusedField(ago(seconds), parameters as Record<string, string>)).toBe(expected),
  );

  test("acr_values: the acr must be one of them, and a session with another signs in again", async () => {
    const parameters = { acr_values: "urn:mfa" };
    expect(await refusedField({}, parameters)).toBe("/acr");
    expect(await refusedField({ acr: "urn:pwd" }, parameters)).toBe("/acr");
    expect(await refusedField({ acr: "urn:mfa" }, parameters)).toBe(200);
    const { browser } = await signInThere(host, { acr: "urn:pwd" });
    expect((await browser.get(authorizeUrl("app", parameters))).location).toContain(loginUrl);
    expect(errorIn((await browser.get(authorizeUrl("app", { ...parameters, prompt: "none" }))).location)).toBe(
      "login_required",
    );
  });

  test("a completed sign-in satisfies prompt=login for this request, and not for the next", async () => {
    const { browser, page } = await signInThere(host, {}, { prompt: "login" });
    expect(page.body).toContain("<h1>Consent</h1>");
    expect((await browser.get(authorizeUrl("app", { prompt: "login" }))).location).toContain(loginUrl);
  });

  test("prompt=none is answered without leaving this server", async () => {
    const { location } = await browserOf(world).get(authorizeUrl("app", { prompt: "none" }));
    expect(errorIn(location)).toBe("login_required");
  });
});

describe("SI-02: only the browser that left is signed in", () => {
  test("a victim who was sent the attacker's link is not signed in, and nothing is granted", async () => {
    const attacker = await leave(world);
    const { location } = (await host.complete(attacker.id)).json();
    const victim = browserOf(world);
    for (const visitor of [victim, (await leave(world, {}, victim)).browser]) {
      const answer = await visitor.get(pathOf(location));
      expect([answer.status, answer.location]).toEqual([403, ""]);
      expect(answer.body).toContain("sign_in_other_browser");
      expect(visitor.cookies.has("symbolon-session")).toBe(false);
    }
    expect((await world.store.grants.list({ limit: 9 })).filter(({ owner }) => owner !== null)).toEqual([]);
  });

  test("the browser that left can still finish after another one tried", async () => {
    const { browser, id } = await leave(world);
    const path = pathOf((await host.complete(id)).json()["location"]);
    await browserOf(world).get(path);
    expect((await browser.get((await browser.get(path)).location)).body).toContain("<h1>Consent</h1>");
  });
});

describe("SI-01: the id of a sign-in", () => {
  test.each([
    ["is empty", () => ""],
    ["is guessed", () => `sym_si_${"A".repeat(60)}.${"B".repeat(200)}.${"C".repeat(43)}`],
    ["is a transaction", (id: string) => id.split(".").slice(1, 4).join(".")],
    ["has another head", (id: string, other: string) => [other.split(".")[0], ...id.split(".").slice(1)].join(".")],
    [
      "has another transaction",
      (id: string, other: string) => [id.split(".")[0], ...other.split(".").slice(1)].join("."),
    ],
    ["is cut short", (id: string) => id.slice(0, -1)],
  ])("that %s is refused in the browser and over the API", async (_, forge) => {
    const { browser, id } = await leave(world);
    const forged = forge(id, (await leave(world)).id);
    expect((await browser.get(`/oauth/sign-in/return?sign_in=${forged}`)).body).toContain("sign_in_unknown");
    if (forged === "") return;
    for (const answer of [
      await host.read(forged),
      await host.complete(forged),
      await host.refuse(forged, "login_required"),
    ])
      expect([answer.status, typeOf(answer)]).toEqual([404, "sign_in_unknown"]);
  });

  test("has expired after ten minutes: the host is refused, and the person is shown the way on", async () => {
    const { browser, id } = await leave(world);
    world.advance(599);
    expect((await host.read(id)).status).toBe(200);
    world.advance(1);
    for (const answer of [await host.read(id), await host.complete(id), await host.refuse(id, "login_required")])
      expect([answer.status, typeOf(answer)]).toEqual([410, "sign_in_expired"]);
    const page = await browser.get(`/oauth/sign-in/return?sign_in=${id}`);
    expect(page.body).toContain("<h1>Ways</h1><p>expired</p>");
    const next = await browser.post("/oauth/sign-in", { ...hiddenFields(page.body), way: "" });
    expect((await browser.get(next.location)).location).toContain(loginUrl);
  });

  test("that was answered in time lets the person come back for five minutes, late as it is", async () => {
    const { browser, id } = await leave(world);
    world.advance(599);
    const path = pathOf((await host.complete(id)).json()["location"]);
    world.advance(299);
    expect((await browser.get((await browser.get(path)).location)).body).toContain("<h1>Consent</h1>");
  });

  test("works once: used again after the person signed out, it signs no one in", async () => {
    const { browser, id } = await signInThere(host);
    await browser.post("/oauth/sign-out", hiddenFields((await browser.get("/oauth/sign-out")).body));
    const again = await browser.get(`/oauth/sign-in/return?sign_in=${id}`);
    expect([again.status, browser.cookies.has("symbolon-session")]).toEqual([409, false]);
    expect(again.body).toContain("<h1>Ways</h1><p>used</p>");
  });

  test("of a host that does not answer leads on: the person is asked to sign in again", async () => {
    const { browser, id } = await leave(world);
    const page = await browser.get(`/oauth/sign-in/return?sign_in=${id}`);
    expect([page.status, page.body.includes("<h1>Ways</h1><p>not_completed</p>")]).toEqual([400, true]);
    expect(page.body).toContain("login.example");
    const cancelled = await browser.post("/oauth/sign-in", { ...hiddenFields(page.body), decision: "deny" });
    expect(errorIn(cancelled.location)).toBe("access_denied");
  });

  test("of an application that was deleted meanwhile is refused", async () => {
    const { browser, id } = await leave(world);
    const path = pathOf((await host.complete(id)).json()["location"]);
    await world.store.applications.change("app" as never, () => ({ answer: undefined, remove: true }));
    expect((await browser.get(path)).body).toContain("client_unknown_at_authorize");
    expect((await host.read(id)).status).toBe(404);
  });
});

describe("a person and a host that do things twice", () => {
  test("a double click on the way back goes on in the same session", async () => {
    const { browser, id } = await leave(world);
    const path = pathOf((await host.complete(id)).json()["location"]);
    const first = await browser.get(path);
    const session = browser.cookies.get("symbolon-session");
    const second = await browser.get(path);
    expect(browser.cookies.get("symbolon-session")).toBe(session);
    for (const { location } of [first, second])
      expect((await browser.get(location)).body).toContain("<h1>Consent</h1>");
  });

  test("a double click whose first answer was lost shows the way on, and leaves one session", async () => {
    const { browser, id } = await leave(world);
    const path = pathOf((await host.complete(id)).json()["location"]);
    const cookies = new Map(browser.cookies);
    const [one, other] = [browserOf(world), browserOf(world)];
    for (const copy of [one, other]) for (const [name, value] of cookies) copy.cookies.set(name, value);
    const statuses = (await Promise.all([one.get(path), other.get(path)])).map(({ status }) => status);
    expect(statuses.toSorted()).toEqual([303, 409]);
    expect(await world.store.sessions.deleteOf("subject:ada-77" as never)).toBe(1);
  });

  test("a double click with consent drawn by the provider brings one code", async () => {
    const { browser, id } = await leave(world);
    const path = pathOf((await host.complete(id, { consent: { decision: "allow" } })).json()["location"]);
    const [first, second] = [await browser.get(path), await browser.get(path)];
    expect(codeIn(second.location)).toBe(codeIn(first.location));
  });

  test("two tabs: each has its own id, both finish, and the later session counts", async () => {
    const first = await leave(world);
    const second = await leave(world, { state: "two" }, first.browser);
    expect(second.id).not.toBe(first.id);
    for (const { id } of [second, first]) {
      const path = pathOf((await host.complete(id)).json()["location"]);
      const back = await first.browser.get(path);
      expect((await first.browser.get(back.location)).body).toContain("<h1>Consent</h1>");
    }
    expect(await world.store.sessions.deleteOf("subject:ada-77" as never)).toBe(1);
  });

  test("the back button after a code: the same address brings the same code", async () => {
    const { browser, id, back } = await signInThere(host, { consent: { decision: "allow" } });
    expect((await browser.get(`/oauth/sign-in/return?sign_in=${id}`)).location).toBe(back.location);
  });

  test("SI-03: a host that answers twice gets the same location; another answer is refused, and the first stands", async () => {
    const { browser, id } = await leave(world);
    const first = await host.complete(id);
    expect((await host.complete(id)).json()).toEqual(first.json());
    for (const answer of [
      await host.complete(id, { subject: "eve" }),
      await host.complete(id, { consent: { decision: "allow" } }),
      await host.refuse(id, "access_denied"),
    ])
      expect([answer.status, typeOf(answer)]).toEqual([409, "sign_in_answered"]);
    const back = await browser.get(pathOf(first.json()["location"]));
    expect((await browser.get(back.location)).body).toContain("Ada Lovelace");
    expect((await host.complete(id, { subject: "eve" })).status).toBe(409);
  });

  test("of twenty answers at once with other subjects, one stands", async () => {
    const { id } = await leave(world);
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => host.complete(id, { subject: `ada-${n}` })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  test("SI-07: a thousand sign-ins that no one finishes write nothing", async () => {
    const watched = watchedStore();
    const { world: quiet } = await makeHandOffWorld(watched.store);
    watched.forget();
    for (let n = 0; n < 1000; n++) {
      const { browser, id } = await leave(quiet, { state: String(n) });
      await browser.get(`/oauth/sign-in/return?sign_in=${id}`);
      quiet.advance(1); // for the limit of page requests
    }
    expect([...new Set(watched.calls)].toSorted()).toEqual(["applications.find", "once.find"]);
  });
});

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

  test("the return address is this server's own, whatever the browser adds to its request", async () => {
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

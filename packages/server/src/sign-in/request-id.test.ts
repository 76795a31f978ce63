import { beforeEach, describe, expect, test } from "vitest";
import { browserOf, hiddenFields } from "../../test/flows.ts";
import { leave, loginUrl, makeHandOffWorld, pathOf, signInThere, type HandOffWorld } from "../../test/hand-off.ts";
import { watchedStore } from "../../test/watched-store.ts";
import { type World } from "../../test/world.ts";

let host: HandOffWorld;
let world: World;
beforeEach(async () => {
  host = await makeHandOffWorld();
  ({ world } = host);
});

const codeIn = (location: string) => new URL(location).searchParams.get("code");
const errorIn = (location: string) => new URL(location).searchParams.get("error");
const typeOf = (answer: { json(): Record<string, unknown> }) => String(answer.json()["type"]).split("/").at(-1);

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

  test("an attacker whose login page a victim signed in on is not signed in as the victim", async () => {
    const attacker = await leave(world);
    const { location } = (await host.complete(attacker.id)).json(); // the victim's browser gets it, the attacker's does not
    for (const more of ["", "&sign_in_answer=", `&sign_in_answer=${"A".repeat(43)}`]) {
      const back = await attacker.browser.get(`/oauth/sign-in/return?sign_in=${attacker.id}${more}`);
      expect([back.status, back.body.includes("<p>not_completed</p>")]).toEqual([400, true]);
      expect(attacker.browser.cookies.has("symbolon-session")).toBe(false);
    }
    expect((await host.read(attacker.id)).body).not.toContain(location);
    expect((await browserOf(world).get(pathOf(location))).status).toBe(403);
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
    const { browser, path } = await signInThere(host);
    await browser.post("/oauth/sign-out", hiddenFields((await browser.get("/oauth/sign-out")).body));
    const again = await browser.get(path);
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
    const { browser, path, back } = await signInThere(host, { consent: { decision: "allow" } });
    expect((await browser.get(path)).location).toBe(back.location);
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

  test("SI-03: a double click on the login form is the same answer, although the second password was typed later", async () => {
    const { id } = await leave(world);
    const first = await host.complete(id, { sessionUntil: world.now() + 3600 });
    world.advance(2);
    const second = await host.complete(id, { sessionUntil: world.now() + 3600 });
    expect([second.status, second.json()]).toEqual([200, first.json()]);
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

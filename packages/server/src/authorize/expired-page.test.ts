import { beforeEach, describe, expect, test } from "vitest";
import { authorizeUrl, browserOf, hiddenFields, redeem, signIn, type Browser } from "../../test/flows.ts";
import { makeWorld, password, type World } from "../../test/world.ts";
import { watchedStore } from "../../test/watched-store.ts";

let world: World;
let watched: ReturnType<typeof watchedStore>;
let browser: Browser;
beforeEach(async () => {
  watched = watchedStore();
  world = await makeWorld({ store: watched.store });
  await world.addApplication("app_one");
  await world.addResourceServer("rs_one", "https://api.example/v1");
  await world.addAccount("none@example.com");
  browser = browserOf(world);
});

const open = async (email: string, parameters: Record<string, string> = {}) =>
  hiddenFields((await signIn(browser, authorizeUrl("app_one", parameters), email)).body);
const answer = (fields: Record<string, string>, more: Record<string, string>) =>
  browser.post("/oauth/consent", { ...fields, ...more });
const grants = () => world.store.grants.list({ limit: 10 });
const codeIn = (location: string) => /[?&]code=([^&#]+)/.exec(location)?.[1];

describe("AZ-14, HT-13: a page that is older than ten minutes grants nothing, and offers the way on", () => {
  test("consent is asked for again", async () => {
    const fields = await open("none@example.com", { resource: "https://api.example/v1" });
    world.advance(599);
    expect((await answer(fields, { decision: "deny" })).status).toBe(303);
    world.advance(1);
    const page = await answer(fields, { decision: "allow" });
    expect(page).toMatchObject({ status: 200, location: "" });
    expect(page.body).toContain("expired");
    expect(await grants()).toEqual([]);
    const { location } = await answer(hiddenFields(page.body), { decision: "allow" });
    expect(new URL(location).searchParams.get("state")).toBe("s t&ate");
    expect((await redeem(world, "app_one", codeIn(location)!)).status).toBe(200);
    expect(await grants()).toMatchObject([{ audiences: ["https://api.example/v1"], scope: ["read", "write"] }]);
  });
  test("the address of the page shows it again", async () => {
    const { location } = await browser.post("/oauth/sign-in", {
      ...hiddenFields((await browser.get(authorizeUrl("app_one"))).body),
      email: "none@example.com",
      password,
    });
    world.advance(600);
    const page = await browser.get(location);
    expect(page.status).toBe(200);
    expect(page.body).toContain("expired");
  });
  test("the right password signs in, and leads on", async () => {
    const fields = hiddenFields((await browser.get(authorizeUrl("app_one"))).body);
    world.advance(600);
    const { location } = await browser.post("/oauth/sign-in", { ...fields, email: "none@example.com", password });
    const page = await browser.get(location);
    expect(page.body).toContain("<h1>Consent</h1>");
    expect((await answer(hiddenFields(page.body), { decision: "allow" })).location).toContain("code=");
  });
  test("a sign-in that prompt=login asked for is asked for again", async () => {
    const fields = await open("none@example.com", { prompt: "login", max_age: "60", login_hint: "none@example.com" });
    world.advance(600);
    const page = await browser.get((await answer(fields, { decision: "allow" })).location);
    expect(page.body).toContain("<h1>Sign in</h1>");
    expect(page.body).toContain("<p>expired</p>");
    expect(page.body).toContain("none@example.com");
  });
  test("a request that the application may no longer make is refused by redirect", async () => {
    const fields = await open("none@example.com");
    watched.edits.application = (application) => ({ ...application, scope: ["read"] });
    world.advance(600);
    const { location } = await answer(fields, { decision: "allow" });
    expect(new URL(location).searchParams.get("error")).toBe("invalid_scope");
  });
});

import { beforeEach, describe, expect, test } from "vitest";
import { authorizeUrl, browserOf, hiddenFields, introspect, redeem } from "../../test/flows.ts";
import {
  idIn,
  leave,
  loginUrl,
  makeHandOffWorld,
  pathOf,
  signInThere,
  type HandOffWorld,
} from "../../test/hand-off.ts";
import { redirectUri, type World } from "../../test/world.ts";

let host: HandOffWorld;
let world: World;
beforeEach(async () => {
  host = await makeHandOffWorld();
  ({ world } = host);
});

const codeIn = (location: string) => new URL(location).searchParams.get("code");
const errorIn = (location: string) => new URL(location).searchParams.get("error");

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
      {
        location: expect.stringMatching(
          /^http:\/\/localhost:8787\/oauth\/sign-in\/return\?sign_in=sym_si_[\w.-]+&sign_in_answer=[\w-]{43}$/,
        ),
      },
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
    const completed = await host.complete(idIn(location), { subject: "bob", name: "Bob" });
    const back = await browser.get(pathOf(completed.json()["location"]));
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

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { password } from "../harness/registration.ts";
import { setStage, type Stage } from "./stage.ts";
import { desktop, visit, type Visit } from "./visit.ts";
import {
  hows,
  startWanderingApplication,
  type Destination,
  type WanderingApplication,
} from "./wandering-application.ts";

const destinations: readonly Destination[] = ["https", "loopback", "com.example.app", "myapp"];
const origins = ["https", "loopback"] as const;

const appCallbacks = ["com.example.app:/back", "myapp://back"];

let application: WanderingApplication;
let stage: Stage;
beforeAll(async () => {
  application = await startWanderingApplication();
  const callbacks = origins.flatMap((from) =>
    hows.flatMap((how) => destinations.map((to) => application.redirectUri(from, how, to))),
  );
  stage = await setStage({ redirectUris: [...callbacks, ...appCallbacks, application.popupCallback] });
}, 60_000);
afterAll(async () => {
  await stage.close();
  await application.close();
});

const insecure = { ...desktop, ignoreHTTPSErrors: true };

async function signIn(page: Visit["page"]): Promise<void> {
  await page.getByLabel("Email").fill(stage.simple);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** The request of the browser for `url`, with any query: also where nothing can answer it, as for an app's scheme. */
const requestFor = (page: Visit["page"], url: string) =>
  page.waitForRequest((request) => request.url().startsWith(url) && request.isNavigationRequest());

describe.each(origins)("RFC 6749 §3.1.2.5: a callback on %s that redirects on at once", (from) => {
  test.each(destinations)(
    "to %s is followed after Allow, by 302, 303, 307, meta refresh and script",
    async (to) => {
      const person = await visit(stage.browser, insecure);
      const { page } = person;
      let isFirst = true;
      for (const how of hows) {
        const asked = { redirect_uri: application.redirectUri(from, how, to), prompt: "consent" };
        await page.goto(stage.startAuthorization(asked).url);
        if (isFirst) await signIn(page);
        isFirst = false;
        const arrived = requestFor(page, application.landing(to));
        await page.getByRole("button", { name: "Allow" }).click();
        expect((await arrived).url(), how).toContain(application.landing(to));
        if (to === "https" || to === "loopback") await page.getByRole("heading", { name: "Landed" }).waitFor();
      }
      await person.context.close();
    },
    120_000,
  );
});

describe("RFC 6749 §3.1.2.5: a callback that redirects on, without a consent page between", () => {
  test("is followed from the sign-in form if consent is remembered", async () => {
    const person = await visit(stage.browser, insecure);
    const redirect_uri = application.redirectUri("https", "307", "loopback");
    const asked = stage.startAuthorization({ redirect_uri });
    await person.page.goto(asked.url);
    await signIn(person.page);
    const answered = requestFor(person.page, redirect_uri);
    await person.page.getByRole("button", { name: "Allow" }).click();
    const code = new URL((await answered).url()).searchParams.get("code")!;
    const tokens = await stage.clientAt(redirect_uri).redeem(stage.server, { code, verifier: asked.verifier });
    expect(tokens.status).toBe(200);

    const later = await visit(stage.browser, insecure);
    await later.page.goto(stage.startAuthorization({ redirect_uri }).url);
    const arrived = requestFor(later.page, application.landing("loopback"));
    await signIn(later.page);
    await arrived;
    await Promise.all([person.context.close(), later.context.close()]);
  }, 60_000);
});

describe("WB-21: the popup of another origin", () => {
  test("keeps its opener through sign-in and consent, so that its callback can report to it", async () => {
    const person = await visit(stage.browser, insecure);
    const asked = stage.startAuthorization({ redirect_uri: application.popupCallback, prompt: "login consent" });
    await person.page.goto(application.popupPage(asked.url));
    const opened = person.page.waitForEvent("popup");
    await person.page.getByRole("button", { name: "Sign in" }).click();
    const popup = await opened;
    await signIn(popup);
    await popup.getByRole("button", { name: "Allow" }).click();
    const heard = person.page.locator("#heard").filter({ hasText: application.popupCallback });
    await heard.waitFor();
    expect(new URL((await heard.textContent())!).searchParams.get("code")).toMatch(/^sym_ac_/);
    await person.context.close();
  }, 60_000);
});

describe("RFC 8252 §7.1: the redirect URI of an app that is not on this computer", () => {
  test.each(appCallbacks)(
    "%s: after Allow and after Deny, the page says what to do next",
    async (redirect_uri) => {
      const person = await visit(stage.browser, { ...desktop, javaScriptEnabled: false });
      const { page } = person;
      await page.goto(stage.startAuthorization({ redirect_uri, prompt: "login consent" }).url);
      await signIn(page);
      for (const decision of ["Allow", "Deny"]) {
        const byItself = requestFor(page, redirect_uri);
        await page.getByRole("button", { name: decision }).click();
        const { searchParams } = new URL((await byItself).url());
        expect(searchParams.has(decision === "Allow" ? "code" : "error")).toBe(true);
        await page.getByText("If nothing opens").waitFor();
        const byClick = requestFor(page, redirect_uri);
        await page.getByRole("link", { name: "Open the app" }).click();
        await byClick;
        await page.goto(stage.startAuthorization({ redirect_uri, prompt: "consent" }).url);
      }
      await person.context.close();
    },
    60_000,
  );
});

import { DatabaseSync } from "node:sqlite";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { emails, signInAs, webAddress, type Gallery } from "./gallery.ts";

/** The part of a window that a state is reached in. */
type Window = { page: Page; address: string };

/** What a browser requests to come to the state, and a text that only that state shows. */
type State = { reach(gallery: Gallery, window: Window): Promise<unknown>; shows: string };

const visit =
  (path: string): State["reach"] =>
  ({ server }, { page }) =>
    page.goto(`${server.url}${path}`);

const ask =
  (client: keyof Gallery["applications"], parameters: Record<string, string> = {}): State["reach"] =>
  (gallery, { page }) =>
    page.goto(gallery.authorizeUrl(gallery.applications[client], parameters));

const consentOf =
  (email: string, client: keyof Gallery["applications"] = "web"): State["reach"] =>
  async (gallery, window) => {
    await ask(client)(gallery, window);
    await signInAs(window.page, email);
  };

/**
 * Every state of every page, each reached by requests to a real server. Missing is only the page of a fault of the
 * program, which no request may reach.
 */
export const states: Readonly<Record<string, State>> = {
  home: { reach: visit("/"), shows: "Sign-in and permissions for" },

  "sign-in": { reach: ask("web"), shows: "to continue to" },
  "sign-in-hint": { reach: ask("web", { login_hint: emails.oneCompany }), shows: "to continue to" },
  "sign-in-wrong": {
    async reach(gallery, window) {
      await ask("web")(gallery, window);
      await signInAs(window.page, emails.oneCompany, "wrong horse");
    },
    shows: "do not match",
  },
  "sign-in-too-many": { reach: guessTooOften, shows: "Too many attempts" },
  "sign-in-busy": { reach: signInAmongMany, shows: "Many people are signing in" },
  "sign-in-again": {
    async reach(gallery, window) {
      await consentOf(emails.oneCompany)(gallery, window);
      await ask("web", { prompt: "login" })(gallery, window);
    },
    shows: "Please sign in again",
  },
  "sign-in-two-pages": {
    async reach(gallery, { page }) {
      await ask("web")(gallery, { page, address: "" });
      const cookies = page.context();
      await cookies.clearCookies();
      await (await cookies.newPage()).goto(page.url());
      await signInAs(page, emails.oneCompany);
    },
    shows: "only the last one counts",
  },
  "sign-in-no-cookie": {
    async reach(gallery, window) {
      await ask("web")(gallery, window);
      await window.page.context().clearCookies();
      await signInAs(window.page, emails.oneCompany);
    },
    shows: "keeps no cookie of this site",
  },
  "sign-in-address": { reach: visit("/oauth/sign-in"), shows: "Sign-in starts in the application" },

  "consent-no-company": { reach: consentOf(emails.noCompany), shows: "to use your account?" },
  "consent-one-company": { reach: consentOf(emails.oneCompany), shows: "Only for the company" },
  "consent-three-companies": { reach: consentOf(emails.threeCompanies), shows: "Which company?" },
  "consent-to-an-app": { reach: consentOf(emails.oneCompany, "app"), shows: "an app on this device" },
  "consent-look-alike": { reach: consentOf(emails.oneCompany, "lookAlike"), shows: "letters of several alphabets" },
  "consent-nothing-chosen": {
    async reach(gallery, window) {
      await consentOf(emails.threeCompanies)(gallery, window);
      // As a browser that does not know `required`.
      await window.page.locator("fieldset").evaluate((group) => void (group.closest("form")!.noValidate = true));
      await window.page.getByRole("button", { name: "Allow" }).click();
      await window.page.getByRole("alert").waitFor();
    },
    shows: "Choose one before you allow access",
  },

  "consent-other-account": {
    async reach(gallery, window) {
      await consentOf(emails.threeCompanies)(gallery, window);
      const other = await window.page.context().newPage();
      await other.goto(gallery.authorizeUrl(gallery.applications.web, { prompt: "login" }));
      await signInAs(other, emails.oneCompany);
      await window.page.getByRole("radio").first().check();
      await window.page.getByRole("button", { name: "Allow" }).click();
      await window.page.getByRole("alert").waitFor();
    },
    shows: "You signed in again",
  },

  "answer-to-an-app": {
    async reach(gallery, window) {
      await ask("app")(gallery, window);
      await window.page.getByRole("button", { name: "Cancel" }).click();
    },
    shows: "One moment",
  },

  "sign-out": {
    async reach(gallery, window) {
      await consentOf(emails.oneCompany)(gallery, window);
      await window.page.getByRole("link", { name: "Sign out" }).click();
    },
    shows: "Sign out?",
  },
  "signed-out": {
    async reach(gallery, window) {
      await states["sign-out"]!.reach(gallery, window);
      await window.page.getByRole("button", { name: "Sign out" }).click();
    },
    shows: "You are signed out",
  },

  "problem-unknown-application": {
    reach: visit("/oauth/authorize?client_id=unknown"),
    shows: "does not know the application",
  },
  "problem-unregistered-address": {
    reach: ask("web", { redirect_uri: "https://evil.example/callback" }),
    shows: "an address that is not registered as its own",
  },
  "problem-no-address": { reach: ask("twoAddresses"), shows: "did not say where to send you" },
  "problem-mistake": {
    reach: (gallery, { page }) =>
      page.goto(`${gallery.authorizeUrl(gallery.applications.web)}&client_id=${gallery.applications.web.id}`),
    shows: "The application made a mistake",
  },
  "problem-altered": { reach: visit("/oauth/consent?transaction=altered"), shows: "does not work any more" },
  "problem-form-of-another-site": { reach: postFromAnotherSite, shows: "This form came from another site" },
  "problem-no-page": { reach: visit("/nothing"), shows: "There is no page here" },
  "problem-other-host": {
    reach: ({ server }, { page }) => page.goto(`http://other.localhost:${server.port}/`),
    shows: "This is not the address of this server",
  },
  "problem-data": { reach: signInWhileTheStoreIsLocked, shows: "Something is not working right now" },

  "reason-of-the-application": { reach: visit("/errors/redirect_uri_unregistered"), shows: "What is wrong" },
  "reason-of-the-log": { reach: visit("/errors/refresh_token_reuse"), shows: "Only the server's log" },
  code: { reach: visit("/errors/invalid_grant"), shows: "Causes" },
};

async function guessTooOften(gallery: Gallery, window: Window): Promise<void> {
  await ask("web")(gallery, window);
  for (let guesses = 0; guesses < 50; guesses++) {
    await signInAs(window.page, emails.noCompany, `guess ${guesses}`);
    if (await window.page.getByText("Too many attempts").isVisible()) return;
  }
  throw new Error("Fifty wrong passwords in a row were all checked.");
}

/** Others on the same network keep the queue of password checks full, while one more person signs in. */
async function signInAmongMany(gallery: Gallery, window: Window): Promise<void> {
  const { page, address } = window;
  await ask("web")(gallery, window);
  const headers = {
    cookie: (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join("; "),
    "x-forwarded-for": address,
  };
  const hidden = await page
    .locator("form:has([name=email]) input[type=hidden]")
    .evaluateAll((all) => all.map((input) => [input.getAttribute("name")!, input.getAttribute("value")!]));
  const isFull = Promise.withResolvers<void>();
  let isOver = false;
  const others = Array.from({ length: 80 }, async (_, at) => {
    const form = { ...Object.fromEntries(hidden), email: `user-${at}@example.com`, password: "not mine" };
    while (!isOver) {
      const { status } = await gallery.server.send("POST", "/oauth/sign-in", { form, headers, once: true });
      if (status === 429) isFull.resolve();
    }
  });
  await isFull.promise;
  await signInAs(page, emails.threeCompanies, "wrong horse");
  isOver = true;
  await Promise.all(others);
}

async function postFromAnotherSite(gallery: Gallery, window: Window): Promise<void> {
  await ask("web", { redirect_uri: webAddress })(gallery, window);
  const { page } = window;
  const form = await page
    .locator("form")
    .first()
    .evaluate((element) => element.outerHTML);
  await page.goto(`data:text/html,${encodeURIComponent(form.replace("/oauth/", `${gallery.server.url}/oauth/`))}`);
  await signInAs(page, emails.oneCompany);
}

async function signInWhileTheStoreIsLocked(gallery: Gallery, window: Window): Promise<void> {
  await ask("web")(gallery, window);
  const other = new DatabaseSync(join(gallery.data.path, "symbolon.sqlite"));
  other.exec("BEGIN IMMEDIATE");
  try {
    await signInAs(window.page, emails.oneCompany);
    await window.page.getByRole("heading", { level: 1 }).waitFor();
  } finally {
    other.exec("ROLLBACK");
    other.close();
  }
}

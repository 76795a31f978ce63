import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isActive } from "../harness/client.ts";
import { password } from "../harness/registration.ts";
import { setStage, type Authorization, type Stage } from "./stage.ts";
import { desktop, expectGuardedCookies, isDark, phone, tabTo, unexpected, visit, type Visit } from "./visit.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage.close());

/** Consent is asked for, also where the application has access already. */
const startAuthorization = (parameters: Record<string, string> = {}): Authorization =>
  stage.startAuthorization({ prompt: "consent", ...parameters });

async function signIn({ page }: Visit, email: string, typed = password): Promise<void> {
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(typed);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** Waits until the browser is back at the application; returns the URL. */
async function arrival({ page }: Visit): Promise<URL> {
  await page.waitForURL(`${stage.callback.redirectUri}?**`);
  await page.getByRole("heading", { name: "You are back" }).waitFor();
  return stage.callback.arrivals.at(-1)!;
}

/** RFC 9207 §2 and RFC 6749 §4.1.2: who answers, and the state byte for byte. */
function expectAnswerTo({ state }: Authorization, back: URL): void {
  expect(back.searchParams.get("state")).toBe(state);
  expect(back.searchParams.get("iss")).toBe(stage.server.issuer);
}

/** Redeems the code in the URL; returns the introspection response. */
async function redeem({ verifier }: Authorization, back: URL): Promise<Record<string, unknown>> {
  const tokens = stage.client.tokensOf(
    await stage.client.redeem(stage.server, { code: back.searchParams.get("code")!, verifier }),
  );
  expect(await isActive(stage.server, stage.resourceServer, tokens.access_token)).toBe(true);
  const info = await stage.server.send("GET", "/oauth/token_info", {
    headers: { authorization: `Bearer ${tokens.access_token}` },
  });
  return JSON.parse(info.body) as Record<string, unknown>;
}

const looks = [
  { name: "a desktop in light colours", look: { ...desktop, colorScheme: "light" } },
  { name: "a phone in dark colours", look: { ...phone, colorScheme: "dark" } },
  {
    name: "a phone in light colours without JavaScript",
    look: { ...phone, colorScheme: "light", javaScriptEnabled: false },
  },
  {
    name: "a desktop in dark colours without JavaScript",
    look: { ...desktop, colorScheme: "dark", javaScriptEnabled: false },
  },
] as const;

describe("RFC 6749 §4.1, WB-05, WB-06: in a real browser", () => {
  test.each(looks)(
    "on $name: signs in after a wrong password, chooses one of two companies, allows, and returns to the application",
    async ({ look }) => {
      const person = await visit(stage.browser, look);
      const { page } = person;
      const asked = startAuthorization();
      await page.goto(asked.url);
      expect(await isDark(person)).toBe(look.colorScheme === "dark");

      await signIn(person, stage.owner, "wrong horse");
      await page.getByRole("alert").filter({ hasText: "do not match" }).waitFor();
      expect(await page.getByLabel("Email").inputValue()).toBe(stage.owner);
      await signIn(person, stage.owner);

      await page.getByRole("heading", { name: "Allow Payroll Planner to use your account?" }).waitFor();
      for (const words of ["See employees", "See payrolls", "this computer", stage.owner, "Acme", "Globex"])
        await page.getByText(words).first().waitFor();
      expect(await isDark(person)).toBe(look.colorScheme === "dark");
      expect(await page.getByRole("radio", { checked: true }).count()).toBe(0);

      const before = stage.callback.arrivals.length;
      await page.getByRole("button", { name: "Allow" }).click();
      expect(await page.locator("input:invalid").count()).toBeGreaterThan(0);
      expect(new URL(page.url()).pathname).toBe("/oauth/consent");
      await page.getByRole("radio", { name: "Globex" }).check();
      await page.getByRole("button", { name: "Allow" }).click();

      const back = await arrival(person);
      expect(stage.callback.arrivals.length).toBe(before + 1);
      expectAnswerTo(asked, back);
      expect(await redeem(asked, back)).toMatchObject({ resource: { type: "Company", uuid: "Globex" } });
      await expectGuardedCookies(person, stage.server.url);
      expect(unexpected(person, 400)).toEqual([]);
      await person.context.close();
    },
    60_000,
  );

  test("by keyboard, Enter does nothing until a company is chosen, then it allows; Deny has its own button", async () => {
    const person = await visit(stage.browser, desktop);
    const { page } = person;
    const first = startAuthorization({ login_hint: stage.owner });
    await page.goto(first.url);
    await page.getByLabel("Email").waitFor();
    await tabTo(person, "Password");
    await page.keyboard.type(password);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: /^Allow Payroll Planner/ }).waitFor();
    const arrivals = stage.callback.arrivals.length;
    await page.keyboard.press("Enter");
    await tabTo(person, /Acme/);
    await page.keyboard.press("Enter");
    await page.locator("input:invalid").first().waitFor();
    expect(new URL(page.url()).pathname).toBe("/oauth/consent");
    await page.keyboard.press("Space");
    expect(stage.callback.arrivals.length).toBe(arrivals);
    await page.keyboard.press("Enter");
    const back = await arrival(person);
    expectAnswerTo(first, back);
    expect(await redeem(first, back)).toMatchObject({ resource: { type: "Company", uuid: "Acme" } });

    const second = startAuthorization();
    await page.goto(second.url);
    await tabTo(person, /Acme/);
    await page.keyboard.press("Space");
    await tabTo(person, "Deny");
    await page.keyboard.press("Enter");
    expect((await arrival(person)).searchParams.get("error")).toBe("access_denied");
    expect(unexpected(person)).toEqual([]);
    await person.context.close();
  }, 60_000);

  test("RFC 6749 §4.1.2.1: Deny returns access_denied, and the user can choose another account instead", async () => {
    const person = await visit(stage.browser, { ...phone, javaScriptEnabled: false });
    const { page } = person;
    const asked = startAuthorization();
    await page.goto(asked.url);
    await signIn(person, stage.owner);
    await page.getByRole("button", { name: "Use another account" }).click();
    await signIn(person, stage.simple);
    await page.getByText(stage.simple).waitFor();
    expect(await page.getByRole("radio").count()).toBe(0);
    await page.getByRole("button", { name: "Deny" }).click();

    const back = await arrival(person);
    expectAnswerTo(asked, back);
    expect(back.searchParams.get("error")).toBe("access_denied");
    expect(back.searchParams.has("code")).toBe(false);
    expect(unexpected(person)).toEqual([]);
    await person.context.close();
  }, 60_000);

  test("RFC 9700 §4.12: a user with a remembered consent returns from the sign-in form directly", async () => {
    const allowing = await visit(stage.browser, desktop);
    const before = stage.startAuthorization();
    await allowing.page.goto(before.url);
    await signIn(allowing, stage.simple);
    await allowing.page.getByRole("button", { name: "Allow" }).click();
    await redeem(before, await arrival(allowing));

    const again = stage.startAuthorization();
    await allowing.page.goto(again.url);
    await redeem(again, await arrival(allowing));
    expect(unexpected(allowing)).toEqual([]);
    await allowing.context.close();

    const elsewhere = await visit(stage.browser, desktop);
    const asked = stage.startAuthorization();
    await elsewhere.page.goto(asked.url);
    await signIn(elsewhere, stage.simple);
    const back = await arrival(elsewhere);
    expectAnswerTo(asked, back);
    await redeem(asked, back);
    expect(unexpected(elsewhere)).toEqual([]);
    await elsewhere.context.close();
  }, 60_000);
});

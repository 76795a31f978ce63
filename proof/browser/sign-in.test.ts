import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { password } from "../harness/registration.ts";
import { signInAs } from "./gallery.ts";
import { setStage, type Stage } from "./stage.ts";
import { phone, unexpected, visit } from "./visit.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage.close());

describe("RFC 6749 §4.1.2.1: the way back from sign-in", () => {
  test.each([true, false])("leads to the application with access_denied; JavaScript: %s", async (javaScriptEnabled) => {
    const person = await visit(stage.browser, { ...phone, javaScriptEnabled });
    const asked = stage.startAuthorization();
    await person.page.goto(asked.url);
    await person.page.getByRole("button", { name: "Cancel and go back to Payroll Planner" }).click();
    await person.page.getByRole("heading", { name: "You are back" }).waitFor();
    const back = stage.callback.arrivals.at(-1)!.searchParams;
    expect([back.get("error"), back.get("state")]).toEqual(["access_denied", asked.state]);
    expect(unexpected(person)).toEqual([]);
    await person.context.close();
  });
});

describe("WB-05: the script of sign-in runs under the policy of a real server", () => {
  test("shows what is typed, and the sign-in succeeds", async () => {
    const person = await visit(stage.browser, phone);
    const { page } = person;
    await page.goto(stage.startAuthorization({ login_hint: stage.owner }).url);
    const field = page.getByLabel("Password", { exact: true });
    await field.fill(password);
    await page.getByLabel("Show password").check();
    expect([await field.getAttribute("type"), await field.inputValue()]).toEqual(["text", password]);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: /^Allow Payroll Planner/ }).waitFor();
    expect(unexpected(person)).toEqual([]);
    await person.context.close();
  });
});

describe("WB-06: signing out without an authorization request", () => {
  test("from the home page, without JavaScript; the next request asks for the password", async () => {
    const person = await visit(stage.browser, { ...phone, javaScriptEnabled: false });
    const { page } = person;
    await page.goto(stage.startAuthorization().url);
    await signInAs(page, stage.owner);
    await page.getByRole("heading", { name: /^Allow Payroll Planner/ }).waitFor();

    await page.goto(stage.server.url);
    await page.getByRole("link", { name: "Sign out" }).click();
    await page.getByText(stage.owner).waitFor();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "You are signed out" }).waitFor();
    await page.reload();
    await page.getByRole("heading", { name: "You are signed out" }).waitFor();

    await page.goto(stage.startAuthorization().url);
    await page.getByRole("button", { name: "Sign in" }).waitFor();
    expect(unexpected(person)).toEqual([]);
    await person.context.close();
  });
});

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { password } from "../harness/registration.ts";
import { emails, openGallery, type Gallery } from "./gallery.ts";

let gallery: Gallery;
beforeAll(async () => {
  gallery = await openGallery();
});
afterAll(() => gallery.close());

describe("A real browser and a real server speak the language of the person", () => {
  test("a German browser signs in and consents in German", async () => {
    const { page, context } = await gallery.open({ locale: "de-AT" });
    await page.goto(gallery.authorizeUrl(gallery.applications.web));
    expect(await page.locator("html").getAttribute("lang")).toBe("de");
    await page.getByLabel("E-Mail-Adresse").fill(emails.threeCompanies);
    await page.getByLabel("Passwort", { exact: true }).fill("falsch");
    await page.getByRole("button", { name: "Anmelden" }).click();
    expect(await page.getByRole("alert").textContent()).toContain("passen nicht zusammen");
    await page.getByLabel("Passwort", { exact: true }).fill(password);
    await page.getByRole("button", { name: "Anmelden" }).click();
    await page.getByRole("heading", { name: "Darf Fernleaf Payroll Ihr Konto nutzen?" }).waitFor();
    expect(await page.getByText("höchstens 180 Tage").isVisible()).toBe(true);
    await page.getByRole("link", { name: "Abmelden" }).click();
    await page.getByRole("button", { name: "Abmelden" }).click();
    expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("Sie sind abgemeldet");
    await context.close();
  });

  test("the application's ui_locales wins over the browser, until the person has answered", async () => {
    const { page, context } = await gallery.open({ locale: "en-GB" });
    await page.goto(gallery.authorizeUrl(gallery.applications.app, { ui_locales: "de-CH en" }));
    await page.getByLabel("E-Mail-Adresse").fill(emails.oneCompany);
    await page.getByLabel("Passwort", { exact: true }).fill(password);
    await page.getByRole("button", { name: "Anmelden" }).click();
    await page.getByRole("button", { name: "Erlauben" }).click();
    await page.getByRole("link", { name: "App öffnen" }).waitFor();
    expect(await page.locator("html").getAttribute("lang")).toBe("de");
    await context.close();
  });
});

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { password } from "../harness/registration.ts";
import { setStage, type Stage } from "./stage.ts";
import { desktop, phone, unexpected, visit } from "./visit.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage.close());

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

type Axe = {
  run(context: Document): Promise<{ violations: { id: string; nodes: { html: string }[] }[]; passes: unknown[] }>;
};

async function expectNoViolation(page: Page): Promise<void> {
  await page.evaluate(axeSource);
  const { violations, passes } = await page.evaluate(() => (globalThis as unknown as { axe: Axe }).axe.run(document));
  expect(violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${page.url()}: ${id}: ${html}`))).toEqual([]);
  expect(passes.length).toBeGreaterThan(10);
}

describe("WCAG 2.2: axe finds no violation on the pages of a real server", () => {
  test.each([
    { name: "a desktop in light colours", look: { ...desktop, colorScheme: "light" } },
    { name: "a phone in dark colours", look: { ...phone, colorScheme: "dark" } },
  ] as const)(
    "on $name: sign-in, a wrong password, consent, an error page, the page at error_uri",
    async ({ look }) => {
      const person = await visit(stage.browser, { ...look, bypassCSP: true });
      const { page } = person;
      await page.goto(stage.startAuthorization().url);
      await page.getByRole("button", { name: "Sign in" }).waitFor();
      await expectNoViolation(page);
      for (const typed of ["wrong horse", password]) {
        await page.getByLabel("Email").fill(stage.owner);
        await page.getByLabel("Password", { exact: true }).fill(typed);
        await page.getByRole("button", { name: "Sign in" }).click();
        await page
          .getByRole(typed === password ? "radio" : "alert")
          .first()
          .waitFor();
        await expectNoViolation(page);
      }
      await page.goto(`${stage.server.url}/oauth/authorize?client_id=unknown`);
      await page.getByRole("heading", { name: "This server does not know the application" }).waitFor();
      await expectNoViolation(page);
      expect(await page.getByRole("link", { name: "client_unknown_at_authorize" }).isVisible()).toBe(false);
      await page.getByText("For developers").click();
      await expectNoViolation(page);
      await page.getByRole("link", { name: "client_unknown_at_authorize" }).click();
      await page.getByRole("heading", { name: "What to do" }).waitFor();
      await expectNoViolation(page);
      expect(unexpected(person, 400)).toEqual([]);
      await person.context.close();
    },
    60_000,
  );
});

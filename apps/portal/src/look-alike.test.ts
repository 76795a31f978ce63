import type { ConsentView } from "@symbolon/server";
import { describe, expect, test } from "vitest";
import { pages } from "./index.ts";
import { mixesAlphabets, sanitize } from "./untrusted-text.ts";

const view: ConsentView = {
  assetsPath: "/assets/",
  language: "en",
  form: { action: "/oauth/consent", hidden: {} },
  application: { name: "Payroll Planner" },
  redirect: { kind: "web", host: "app.example" },
  email: "ann@example.com",
  scopes: [{ name: "payroll:read", title: "See payrolls", access: "read" }],
  resources: [],
  lasts: { absoluteSeconds: 86_400, idleSeconds: 3600 },
  switchAccount: { action: "/oauth/sign-out", hidden: {} },
  signOutHref: "/oauth/sign-out",
};
const warning = "mixes letters of several alphabets";

describe("WB-09: a name that imitates another", () => {
  test.each([
    "G\u043e\u043egle",
    "\u0430pple",
    "Payr\u03bfll Sync",
    "Gusto\u0406nc",
    "G\u200bo\u043egle",
    "Acme \u0420ayroll",
    "\u13a0cme-b",
  ])("warns of %j, and shows the redirect host on the same page", (applicationName) => {
    expect(mixesAlphabets(applicationName)).toBe(true);
    const page = pages.consent({ ...view, application: { name: applicationName } });
    expect(page).toContain(warning);
    expect(page.indexOf(warning)).toBeLessThan(page.indexOf('value="allow"'));
    expect(page.replaceAll("<wbr>", "")).toContain("app.example");
  });
  test.each([
    "Google",
    "Søren & Sons",
    "Яндекс",
    "Ελληνικά ΑΕ",
    "Acme Россия",
    "会計ソフト Pro",
    "株式会社Acme",
    "شركة Acme",
    "Zoë's Café 2",
    "α-Software",
    "(…)",
  ])("does not warn of %j, whose words use one alphabet each", (applicationName) => {
    expect(pages.consent({ ...view, application: { name: applicationName } })).not.toContain(warning);
  });
  test("shows no invisible characters and no extra spaces", () => {
    for (const name of ["Google ", " Google", "Goo\u200bgle", "Google\u00a0", "Goo\u00adgle\u2060"])
      expect(sanitize(name)).toBe("Google");
  });
  test("shows the exact scope, host and lifetime", () => {
    const page = pages.consent(view);
    for (const shown of ["payroll:", "See payrolls", "app.", "Access lasts"]) expect(page).toContain(shown);
  });
});

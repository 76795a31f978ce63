import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { acme } from "../../test/branding.ts";
import { consentView, problemView, signInView, states, waysView } from "../../test/states.ts";
import { makePages, pages } from "../index.ts";

const branded = makePages({ branding: acme });

describe("Pages say whose they are", () => {
  test("whose password is typed: in the heading, at the field and in the title", () => {
    const page = branded.signIn(signInView);
    expect(page).toContain("<h1>Sign in to <bdi>Acme</bdi></h1>");
    expect(page).toContain("Password for <bdi>Acme</bdi></label>");
    expect(page).toContain("<title>Sign in to Acme to continue to Fernleaf Payroll · Acme</title>");
    expect(branded.signIn({ ...signInView, language: "de" })).toContain("<h1>Bei <bdi>Acme</bdi> anmelden</h1>");
  });

  test("to whom one signs in, also where the provider's own login page comes next", () => {
    const page = branded.signInWays(waysView);
    expect(page).toContain("<h1>Sign in to <bdi>Acme</bdi></h1>");
    expect(page).toContain("<title>Sign in to Acme to continue to Fernleaf Payroll · Acme</title>");
  });

  test("whose account an application may use", () => {
    expect(branded.consent(consentView)).toContain("to use your <bdi>Acme</bdi> account?");
  });

  test("every page has the name in its title, the logo of this server, the accent, and a way to help", () => {
    for (const page of [branded.signIn(signInView), branded.problem(problemView), branded.consent(consentView)]) {
      expect(page).toMatch(/<title>.* · Acme<\/title>/);
      expect(page).toMatch(
        /<img class="mark logo" src="\/assets\/logo-[0-9a-f]{12}\.svg" width="176" height="44" alt="">/,
      );
      expect(page).toMatch(/<link rel="icon" type="image\/svg\+xml" href="\/assets\/logo-[0-9a-f]{12}\.svg">/);
      expect(page).toContain(
        '<a href="https://acme.example/help" rel="noopener noreferrer">Help from <bdi>Acme</bdi></a>',
      );
      expect(page).not.toContain("Symbolon");
    }
    const [stylesheet] = Object.values(branded.assets);
    expect(stylesheet!.body).toContain("--accent:#6d1f7a");
    expect(stylesheet!.body).toMatch(/prefers-color-scheme: dark\)\{:root\{--accent:#dfa0ea/);
  });

  test("without a logo, the first letter of the name stands on the accent", () => {
    const { logo: _, ...rest } = acme;
    const { assets, signIn } = makePages({ branding: { ...rest, name: "<Öko>" } });
    const mark = Object.entries(assets).find(([name]) => name.startsWith("mark-"))!;
    expect(mark[1].body).toContain('fill="#6d1f7a"');
    expect(mark[1].body).toContain(">Ö</text>");
    expect(signIn(signInView)).toContain(mark[0]);
    expect(signIn(signInView)).toContain("Sign in to <bdi>&lt;Öko&gt;</bdi>");
  });

  test("each name contains the hash of the content, so another logo has another address", () => {
    for (const [name, { body }] of Object.entries(branded.assets))
      expect(name).toContain(createHash("sha256").update(body).digest("hex").slice(0, 12));
  });

  test("without branding nothing names a provider", () => {
    expect(states["sign-in"]).toContain("<h1>Sign in</h1>");
    expect(states["sign-in"]).not.toContain('class="support"');
    expect(Object.keys(pages.assets).map((name) => name.replace(/-[0-9a-f]{12}/, ""))).toEqual(
      ["mark.svg", "portal.css"].toReversed(),
    );
  });
});

describe("WB-05, WB-09: an application says who makes it, and loads nothing", () => {
  const consent = (application: Partial<typeof consentView.application>) =>
    pages.consent({ ...consentView, application: { name: "Fernleaf Payroll", ...application } });

  test("its publisher, the host of its home page as text, and links that open apart", () => {
    const page = consent({
      publisher: "Fernleaf Software GmbH",
      homePage: "https://www.fernleaf.example/payroll?from=consent",
      terms: "https://www.fernleaf.example/terms",
      policy: "https://www.fernleaf.example/privacy",
    });
    expect(page).toContain("Made by <strong><bdi>Fernleaf Software GmbH</bdi></strong>");
    expect(page.replaceAll("<wbr>", "")).toContain("<dd><strong><bdi>www.fernleaf.example</bdi></strong></dd>");
    expect(page).not.toContain("from=consent");
    expect(page).toContain('<a href="https://www.fernleaf.example/terms" target="_blank" rel="noopener noreferrer">');
    expect(page).toContain('<a href="https://www.fernleaf.example/privacy" target="_blank" rel="noopener noreferrer">');
  });

  test("its logo is shown from this server only", () => {
    expect(consent({ logo: "/oauth/logos/app_1-abc.png" })).toContain(
      '<img class="tile picture" src="/oauth/logos/app_1-abc.png"',
    );
    for (const logo of [
      "https://fernleaf.example/logo.png",
      "//fernleaf.example/logo.png",
      "/\\evil.example",
      "data:image/svg+xml,x",
      "logo.png",
      "/a b",
    ])
      expect(consent({ logo })).toContain('<span class="tile">F</span>');
  });

  test.each([
    "javascript:alert(1)",
    "http://fernleaf.example/",
    "https://user:word@fernleaf.example/",
    "https://",
    "data:text/html,x",
    `https://a.example/${"x".repeat(2048)}`,
  ])("an address such as %s is left out", (address) => {
    const page = consent({ homePage: address, terms: address, policy: address });
    expect(page).not.toContain("Home page of");
    expect(page).not.toContain('class="links"');
  });

  test("a home page in letters that look alike shows what it really is", () => {
    expect(consent({ homePage: "https://\u0430pple.example/" }).replaceAll("<wbr>", "")).toContain(
      "xn--pple-43d.example",
    );
  });

  test("a publisher that mixes alphabets is warned of, a direction override is removed, and a long name is cut", () => {
    expect(consent({ publisher: "G\u043e\u043egle" })).toContain("mixes letters of several alphabets");
    expect(consent({ publisher: `Acme\u202E${"x".repeat(500)}` })).toContain(`<bdi>Acme${"x".repeat(55)}…</bdi>`);
  });
});

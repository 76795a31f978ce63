import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { consentView, problemView, reasonView, redirectView, signInView, states } from "../test/states.ts";
import { pages } from "./index.ts";
import { en } from "./languages/en.ts";

/** The text of a page without the markup. */
const read = (markup: string): string =>
  markup
    .slice(markup.indexOf("<body>"))
    .replace(/<\/(?:p|li|h\d|dt|dd|legend|label|button|div)>/g, " ")
    .replace(/<[^>]*>/g, "")
    .replace(/\s+/g, " ")
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&");

describe("WB-09: the consent page shows everything that the user needs to decide", () => {
  const text = read(pages.consent(consentView));
  test.each([
    ["who asks", "Allow Fernleaf Payroll to use your account?"],
    ["as whom", "Signed in as ada@lovelace.example"],
    ["for what, in plain words", "See your employees"],
    ["for what, in detail", "Names, job titles, start dates and work addresses."],
    ["for what, exactly", "employees:read"],
    ["what it may change, first", "It will be able to make changes Prepare and change payrolls"],
    ["what it may only read", "It will be able to see, not change See your employees"],
    ["on what", "Only for the company Lovelace Instruments Ltd"],
    ["where the answer goes", "Your answer goes to app.fernleaf.example"],
    ["for how long", "Access lasts Until it is ended, at most 180 days. Ends sooner after 30 days without use."],
  ])("%s", (_, sentence) => expect(text).toContain(sentence));

  test("names a loopback redirect and an app redirect as such", () => {
    expect(read(pages.consent({ ...consentView, redirect: { kind: "loopback" } }))).toContain(
      "goes to this computer, to a program that runs on it",
    );
    expect(
      read(pages.consent({ ...consentView, redirect: { kind: "app", scheme: "com.fernleaf.payroll" } })),
    ).toContain("goes to an app on this device, com.fernleaf.payroll");
  });

  test("never cuts a host: its end tells who owns it", () => {
    const host = `accounts.google.com.${"a".repeat(60)}.${"b".repeat(60)}.${"c".repeat(60)}.${"d".repeat(37)}.evil.example`;
    expect(host.length).toBe(253);
    expect(read(pages.consent({ ...consentView, redirect: { kind: "web", host } }))).toContain(host);
  });

  test("shows no resource and no choice for an account without resources", () => {
    const markup = pages.consent({ ...consentView, resources: [] });
    expect(markup).not.toContain("radio");
    expect(read(markup)).not.toContain("Only for");
  });

  test("shows the only resource without a choice", () => {
    expect(pages.consent(consentView)).not.toContain("radio");
  });

  test("shows every scope", () => {
    const scopes = Array.from({ length: 200 }, (_, i) => ({
      name: `scope:${i}`,
      title: `Do thing number ${i}.`,
      access: "read" as const,
    }));
    const many = read(pages.consent({ ...consentView, scopes }));
    for (const { title } of scopes) expect(many).toContain(title);
  });
});

describe("Pages of problems and reasons", () => {
  test("a problem says what happened and what to do; what is for developers is folded beneath", () => {
    const markup = pages.problem(problemView);
    const [shown = "", folded = ""] = markup.split('<details class="developer">');
    for (const text of [
      en["problem.address_unknown.title"],
      en["problem.address_unknown.message"],
      en["action.tell_its_makers"],
    ])
      expect(read(shown)).toContain(text);
    expect(read(shown)).not.toMatch(/redirect_uri|byte|HTTP/);
    expect(read(`<body>${markup.split("</details>")[1]!}`)).toContain(`Request id ${problemView.requestId}`);
    expect(read(`<body>${folded}`)).toContain(problemView.reason.message);
    expect(read(`<body>${folded}`)).toContain(problemView.reason.remedy);
    expect(folded).toContain('<a href="/errors/redirect_uri_unregistered">');
  });

  test("a reason speaks to a person first, then shows its code and status, and links the section of its clause", () => {
    const markup = pages.reason(reasonView);
    const text = read(markup);
    expect(text.indexOf(en["action.connect_again"])).toBeLessThan(text.indexOf("For developers"));
    expect(text).toContain("refresh_token_reuse invalid_grant HTTP 400");
    expect(read(markup)).toContain(reasonView.remedy);
    expect(markup).toContain('href="https://www.rfc-editor.org/rfc/rfc9700#section-4.14.2"');
  });

  test("a closed reason says that only the log has it; an open one does not", () => {
    expect(read(pages.reason(reasonView))).toContain("Only the server's log");
    expect(read(pages.reason({ ...reasonView, open: true }))).not.toContain("Only the server's log");
  });

  test("a clause outside the RFCs has no link", () => {
    expect(pages.reason({ ...reasonView, clause: "OpenID Connect Core §3.1.2.6" })).not.toContain("rfc-editor");
  });

  test("the page of a code lists its causes", () => {
    expect(states["code"]).toContain('<a href="/errors/code_expired">');
  });
});

describe("Assets", () => {
  test("each name contains the hash of the content", () => {
    for (const [name, { body }] of Object.entries(pages.assets)) {
      expect(name).toContain(createHash("sha256").update(body).digest("hex").slice(0, 12));
    }
  });

  test("each is linked below the path that the server gives", () => {
    const markup = pages.signIn({ ...signInView, assetsPath: "/auth/assets/" });
    for (const name of Object.keys(pages.assets)) expect(markup).toContain(`"/auth/assets/${name}"`);
    expect(Object.values(pages.assets).map((asset) => asset.contentType)).toEqual([
      "text/css; charset=utf-8",
      "image/svg+xml",
    ]);
  });
});

describe("RFC 8252 §7.1, RFC 6749 §4.1.2: the page that goes on", () => {
  test("goes on by itself, and says what to do if no program handles the scheme of the app", () => {
    const markup = pages.redirect(redirectView);
    expect(markup).toContain(
      '<meta http-equiv="refresh" content="0;url=com.fernleaf.payroll:/back?code=sym_ac_AAAA&amp;state=x">',
    );
    expect(markup).toContain('href="com.fernleaf.payroll:/back?code=sym_ac_AAAA&amp;state=x">Open the app</a>');
    expect(read(markup)).toContain("the app is not on this device");
  });
  test("goes to an address of the web, and to the next page", () => {
    const web = pages.redirect({
      ...redirectView,
      location: "https://app.example/cb?code=c",
      to: { kind: "loopback" },
    });
    expect(web).toContain('content="0;url=https://app.example/cb?code=c"');
    expect(read(web)).not.toContain("app is not on this device");
    const here = pages.redirect({ ...redirectView, location: "/oauth/consent?transaction=t", to: { kind: "here" } });
    expect(read(here)).toContain("goes to the next page");
  });
  test("AZ-09: never runs a script that a redirect URI holds", () => {
    const markup = pages.redirect({ ...redirectView, location: "javascript:/x/;alert(1)" });
    expect(markup).not.toContain("javascript:");
  });
});

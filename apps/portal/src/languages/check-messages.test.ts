import { describe, expect, test } from "vitest";
import { signInView } from "../../test/states.ts";
import { makePages } from "../index.ts";
import { checkMessages, messageNames } from "./check-messages.ts";
import { en } from "./en.ts";
import { makeLanguages } from "./languages.ts";

const problemsOf = (given: unknown) => {
  const checked = checkMessages(given);
  return checked.ok ? [] : checked.problems.map(({ name, message }) => `${name} ${message}`.trim());
};

describe("A language of the provider", () => {
  test("that has every message lacks none", () => {
    expect(checkMessages({ ...en })).toMatchObject({ ok: true, missing: [] });
  });
  test("that has some names the others", () => {
    const checked = checkMessages({ "sign_in.heading": "Se connecter" });
    expect(checked).toMatchObject({ ok: true });
    expect(checked.ok && checked.missing).toEqual(messageNames.filter((name) => name !== "sign_in.heading"));
  });
  test.each([
    [null, "must be an object of messages by name"],
    [["Se connecter"], "must be an object of messages by name"],
    [{ "sign_in.headnig": "x" }, "sign_in.headnig is not the name of a message"],
    [{ constructor: "x" }, "constructor is not the name of a message"],
    [{ "sign_in.heading": 1 }, "sign_in.heading must be a text"],
    [{ "sign_in.heading": "  " }, "sign_in.heading must be a text"],
    [{ "sign_in.heading": "x".repeat(1001) }, "sign_in.heading must have at most 1000 characters"],
    [{ "sign_in.heading": "Se {application}" }, "sign_in.heading must have no placeholder"],
    [{ "consent.title": "Autoriser ?" }, "consent.title must have each of these placeholders once: {application}"],
    [
      { "consent.title": "{application} {application}" },
      "consent.title must have each of these placeholders once: {application}",
    ],
    [{ "consent.title": "{aplication}" }, "consent.title must have each of these placeholders once: {application}"],
    [
      { "sign_in.heading": "Se\u202E connecter" },
      "sign_in.heading must not have control characters or characters that turn the direction of text",
    ],
  ])("WB-23: %j is refused by name", (given, problem) => expect(problemsOf(given)).toEqual([problem]));

  test("shows a missing message in English, and says so to screen readers", () => {
    const pages = makePages({ languages: makeLanguages({ fr: { "sign_in.heading": "Se connecter" } }) });
    const page = pages.signIn({ ...signInView, language: "fr" });
    expect(pages.languages).toEqual(["en", "de", "fr"]);
    expect(page).toContain('<html lang="fr" dir="ltr">');
    expect(page).toContain("<h1>Se connecter</h1>");
    expect(page).toContain('<label for="password"><span lang="en" dir="ltr">Password</span></label>');
  });
  test("changes words of a language that the pages have, and keeps the others", () => {
    const pages = makePages({ languages: makeLanguages({ de: { "sign_in.heading": "Einloggen" } }, "de") });
    expect(pages.languages).toEqual(["de", "en"]);
    const page = pages.signIn({ ...signInView, language: "xx" });
    expect(page).toContain("<h1>Einloggen</h1>");
    expect(page).toContain('<label for="password">Passwort</label>');
  });
  test("WB-23: markup in a message is shown as text", () => {
    const pages = makePages({ languages: makeLanguages({ fr: { "sign_in.heading": "<script>alert(1)</script>" } }) });
    expect(pages.signIn({ ...signInView, language: "fr" })).toContain("<h1>&lt;script&gt;alert(1)&lt;/script&gt;</h1>");
  });
});

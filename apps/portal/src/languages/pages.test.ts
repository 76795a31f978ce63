import { describe, expect, test } from "vitest";
import { consentView, everyState, signInView } from "../../test/states.ts";
import { pagesOfTests, pseudoTag } from "../../test/pseudo-language.ts";

/** The text of a page that a person reads: without markup, without what is in English in every language. */
const shown = (markup: string): string =>
  markup
    .replace(/^[^]*?<title>/, "")
    .replace(/<style>[^]*?<\/style>|<script>[^]*?<\/script>/g, "")
    .replace(/<(\w+)[^>]* lang="en" dir="ltr">[^]*?<\/\1>/g, "")
    .replace(/<code>[^]*?<\/code>/g, "")
    .replace(/<bdi>[^]*?<\/bdi>/g, "")
    .replace(/<[^>]*>/g, " ");

/** What the views of the tests bring along, and names that are the same in every language. */
const given = /Fernleaf Payroll|Symbolon|RFC 8414|HTTP|refresh_token_reuse|invalid_grant/g;

describe("Every word of every page comes from the catalogue", () => {
  test.each(Object.entries(everyState(pagesOfTests, pseudoTag)))("%s has no Latin letter", (_, markup) => {
    expect(
      shown(markup)
        .replace(given, "")
        .match(/\p{Script=Latin}{2,}/gu) ?? [],
    ).toEqual([]);
  });

  test("the document says its language and its direction", () => {
    expect(pagesOfTests.signIn({ ...signInView, language: pseudoTag })).toContain(
      `<html lang="${pseudoTag}" dir="rtl">`,
    );
    expect(pagesOfTests.signIn({ ...signInView, language: "de" })).toContain('<html lang="de" dir="ltr">');
    expect(pagesOfTests.signIn({ ...signInView, language: "xx" })).toContain('<html lang="en" dir="ltr">');
  });

  test("German: who asks, what for, for how long", () => {
    const german = shown(pagesOfTests.consent({ ...consentView, language: "de" })).replace(/\s+/g, " ");
    expect(german).toContain("Die Anwendung darf sehen, aber nicht ändern");
    expect(german).toContain("Bis er beendet wird, höchstens 180 Tage. Er endet früher, wenn er 30 Tage lang nicht");
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isLanguageTag, parseAcceptLanguage, parseUiLocales } from "./tags.ts";

describe("RFC 5646 §2.1: the form of a tag", () => {
  test.each(["de", "de-AT", "zh-Hant-TW", "sl-rozaj-biske-1994", "x-private", "i-klingon"])("%s is one", (tag) =>
    expect(isLanguageTag(tag)).toBe(true),
  );
  test.each([
    "",
    "*",
    "de_AT",
    "1",
    "de-",
    "-de",
    "de--AT",
    "toolongalanguage",
    "dé",
    "de\n",
    `de${"-abcdefgh".repeat(4)}`,
  ])("%j is none", (tag) => expect(isLanguageTag(tag)).toBe(false));
});

describe("OpenID Connect Core §3.1.2.1: ui_locales", () => {
  test("keeps the order and ignores what is no tag", () => {
    expect(parseUiLocales("fr-CA  fr <script> de_DE en")).toEqual(["fr-CA", "fr", "en"]);
    expect(parseUiLocales("")).toEqual([]);
  });
  test("WB-22: reads sixteen tags of a longer list", () => {
    expect(parseUiLocales("de ".repeat(10_000))).toHaveLength(16);
    expect(parseUiLocales("x".repeat(100_000))).toEqual([]);
  });
});

describe("RFC 9110 §12.5.4: Accept-Language", () => {
  test.each([
    ["da, en-GB;q=0.8, en;q=0.7", ["da", "en-GB", "en"]],
    ["en;q=0.5, de", ["de", "en"]],
    ["de;q=0, en", ["en"]],
    ["de ; q=0.000 , fr;Q=0.1", ["fr"]],
    ["*, de;q=0.5", ["de"]],
    ["de;q=2, fr;q=x, en;level=1, es", ["es"]],
    ["de_DE, <b>, en", ["en"]],
    [", ,", []],
    ["", []],
  ])("%j asks for %j", (header, tags) => expect(parseAcceptLanguage(header)).toEqual(tags));
  test("equal qualities keep their order", () => {
    expect(parseAcceptLanguage("fr;q=0.9, de;q=0.9, en;q=0.9")).toEqual(["fr", "de", "en"]);
  });
  test("WB-22: every header is read in bounded time, and asks for at most sixteen tags", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (header) => {
        const tags = parseAcceptLanguage(header.repeat(40));
        expect(tags.length).toBeLessThanOrEqual(16);
        expect(tags.every(isLanguageTag)).toBe(true);
      }),
    );
  });
});

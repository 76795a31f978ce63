import { describe, expect, test } from "vitest";
import { lookUpLanguage } from "./lookup.ts";

describe("RFC 4647 §3.4: lookup", () => {
  const offered = ["en", "de", "pt-BR", "zh-Hant", "de-CH"];
  test.each([
    [["de"], "de"],
    [["DE-at"], "de"],
    [["de-CH-1996"], "de-CH"],
    [["de-ch"], "de-CH"],
    [["zh-Hant-CN-x-private1-private2"], "zh-Hant"],
    [["fr", "pt-br", "de"], "pt-BR"],
    [["pt"], undefined],
    [["zh"], undefined],
    [["d"], undefined],
    [["*"], undefined],
    [[], undefined],
  ])("%j is answered in %s", (wanted, language) => expect(lookUpLanguage(wanted, offered)).toBe(language));

  test("of a private part no single letter is left over", () => {
    expect(lookUpLanguage(["zh-Hant-x-y"], ["zh-Hant-x", "zh-Hant"])).toBe("zh-Hant");
  });
});

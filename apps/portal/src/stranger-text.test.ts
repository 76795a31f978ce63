import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { identifier, initial, stranger, tame } from "./stranger-text.ts";

describe("WB-07: text of a stranger is tamed before it is shown", () => {
  test("a right-to-left override is taken out, so a name reads in the order it was written", () => {
    expect(tame("Payroll\u202Egpj.exe\u2066x\u2069")).toBe("Payrollgpj.exex");
  });

  test("invisible and control characters are taken out: no two names differ by them alone", () => {
    expect(tame("Goo\u200Bg\u00AD\u2060l\uFEFF\u0000e\u0007\u{E0041}\u3164")).toBe("Google");
  });

  test("10 kB of combining marks leave two", () => {
    expect(tame(`Z${"\u0338".repeat(10_000)}algo`, 4000)).toBe("Z\u0338\u0338algo");
  });

  test("long text is cut, with a sign that it was", () => {
    expect(tame("x".repeat(10_000), 10)).toBe("xxxxxxxxx…");
    expect(tame("x".repeat(10), 10)).toBe("x".repeat(10));
  });

  test("a chain of joined emoji is cut as well, though it counts as one character", () => {
    expect(tame(`Club ${"👩\u200D".repeat(3000)}`, 10)).toBe("Club…");
  });

  test("line breaks and runs of spaces become one space", () => {
    expect(tame("  Allow\r\n\n\t this\u2028please\u3000now ")).toBe("Allow this please now");
  });

  test("what people really write stays as it is", () => {
    for (const name of ["Søren & Sons", "कंपनी", "شركة المحاسبة", "会計ソフト", "می‌خواهم", "👩‍💻 Club", "Zoë", "Việt"])
      expect(tame(name)).toBe(name);
  });

  test("where nothing readable is left, it says so", () => {
    expect(tame("\u0000\u200B \u2028\uFEFF")).toBe("(blank)");
  });

  test("half a surrogate pair does not reach the page", () => {
    expect(tame("a\uD83Db")).toBe("ab");
    expect(tame("😀".repeat(100), 3)).toBe("😀😀…");
  });

  test("whatever comes in, what comes out is bounded and tame already", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 100 }), (text) => {
        const tamed = tame(text, 20);
        expect(tame(tamed, 20)).toBe(tamed);
        expect(Array.from(new Intl.Segmenter().segment(tamed)).length).toBeLessThanOrEqual(20);
      }),
    );
  });

  test("its direction is isolated from the sentence around it", () => {
    expect(stranger("שלום <b>").toString()).toBe("<bdi>שלום &lt;b&gt;</bdi>");
  });

  test("an identifier may break behind its separators, and nowhere else is anything added", () => {
    expect(identifier("payrolls:read<a").toString()).toBe("<bdi>payrolls:<wbr>read&lt;a</bdi>");
  });

  test("the letter on the tile is a letter or a digit", () => {
    expect(initial("<script>")).toBe("S");
    expect(initial("  élan")).toBe("É");
    expect(initial("\u202E\u0338!")).toBe("•");
  });
});

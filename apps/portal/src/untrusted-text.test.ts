import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { identifier, initial, untrusted, sanitize } from "./untrusted-text.ts";

describe("WB-07: untrusted text is sanitized", () => {
  test("removes a right-to-left override", () => {
    expect(sanitize("Payroll\u202Egpj.exe\u2066x\u2069")).toBe("Payrollgpj.exex");
  });

  test("removes invisible and control characters", () => {
    expect(sanitize("Goo\u200Bg\u00AD\u2060l\uFEFF\u0000e\u0007\u{E0041}\u3164")).toBe("Google");
  });

  test("keeps two of 10 kB of combining marks", () => {
    expect(sanitize(`Z${"\u0338".repeat(10_000)}algo`, 4000)).toBe("Z\u0338\u0338algo");
  });

  test("cuts long text and marks the cut", () => {
    expect(sanitize("x".repeat(10_000), 10)).toBe("xxxxxxxxx…");
    expect(sanitize("x".repeat(10), 10)).toBe("x".repeat(10));
  });

  test("cuts a chain of joined emoji, which counts as one character", () => {
    expect(sanitize(`Club ${"👩\u200D".repeat(3000)}`, 10)).toBe("Club…");
  });

  test("replaces line breaks and runs of spaces by one space", () => {
    expect(sanitize("  Allow\r\n\n\t this\u2028please\u3000now ")).toBe("Allow this please now");
  });

  test("keeps ordinary names unchanged", () => {
    for (const name of ["Søren & Sons", "कंपनी", "شركة المحاسبة", "会計ソフト", "می‌خواهم", "👩‍💻 Club", "Zoë", "Việt"])
      expect(sanitize(name)).toBe(name);
  });

  test("returns (…) if nothing readable is left", () => {
    expect(sanitize("\u0000\u200B \u2028\uFEFF")).toBe("(…)");
  });

  test("removes half of a surrogate pair", () => {
    expect(sanitize("a\uD83Db")).toBe("ab");
    expect(sanitize("😀".repeat(100), 3)).toBe("😀😀…");
  });

  test("is bounded and idempotent for any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 100 }), (text) => {
        const sanitized = sanitize(text, 20);
        expect(sanitize(sanitized, 20)).toBe(sanitized);
        expect(Array.from(new Intl.Segmenter().segment(sanitized)).length).toBeLessThanOrEqual(20);
      }),
    );
  });

  test("isolates its direction from the text around it", () => {
    expect(untrusted("שלום <b>").toString()).toBe("<bdi>שלום &lt;b&gt;</bdi>");
  });

  test("an identifier may break after its separators, and is otherwise unchanged", () => {
    expect(identifier("payrolls:read<a").toString()).toBe("<bdi>payrolls:<wbr>read&lt;a</bdi>");
  });

  test("initial returns a letter or a digit", () => {
    expect(initial("<script>")).toBe("S");
    expect(initial("  élan")).toBe("É");
    expect(initial("\u202E\u0338!")).toBe("•");
  });
});

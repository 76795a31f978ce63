import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cards, contrast, derive, describeContrast, type Scheme } from "./contrast.ts";

const color = fc.integer({ min: 0, max: 0xff_ff_ff }).map((value) => `#${value.toString(16).padStart(6, "0")}`);

describe("WCAG 2.2 §1.4.3: the contrast of an accent", () => {
  test.each([
    ["#000000", "#ffffff", 21],
    ["#ffffff", "#ffffff", 1],
    ["#777777", "#ffffff", 4.48],
    ["#767676", "#ffffff", 4.54],
    ["#0000ff", "#ffffff", 8.59],
  ])("%s on %s is %d to 1, as WCAG computes it", (one, other, ratio) => {
    expect(contrast(one, other)).toBeCloseTo(ratio, 2);
    expect(contrast(other, one)).toBe(contrast(one, other));
  });

  test("a colour that is too pale names the contrast and a shade that would do", () => {
    expect(describeContrast("#33cc99", "light")).toBe(
      "has a contrast of 2.05 to 1 on the white page, and text needs 4.5 to 1 (WCAG 2.2 §1.4.3); #218563 would do",
    );
    expect(describeContrast("#218563", "light")).toBeUndefined();
    expect(describeContrast("#0b6b63", "dark")).toMatch(/contrast of \d\.\d\d to 1 on the dark page/);
  });

  test("the colours of the pages without branding are good accents", () => {
    expect(describeContrast("#0b6b63", "light")).toBeUndefined();
    expect(describeContrast("#5cc7b9", "dark")).toBeUndefined();
  });

  test.each(["light", "dark"] as const)(
    "%s: the shade that is proposed is accepted, for any colour",
    (scheme: Scheme) => {
      fc.assert(
        fc.property(color, (accent) => {
          const problem = describeContrast(accent, scheme);
          const proposed = problem === undefined ? accent : /; (#[0-9a-f]{6}) would do$/.exec(problem)![1]!;
          expect(describeContrast(proposed, scheme)).toBeUndefined();
          const { onAccent, strong, wash } = derive(proposed, scheme);
          for (const [text, ground] of [
            [proposed, cards[scheme]],
            [onAccent, proposed],
            [onAccent, strong],
            [strong, wash],
          ] as const)
            expect(contrast(text, ground)).toBeGreaterThanOrEqual(4.5);
        }),
        { numRuns: 300 },
      );
    },
  );

  test("the grounds are those of the stylesheet", () => {
    const stylesheet = readFileSync(new URL("../assets/portal.css", import.meta.url), "utf8");
    const found = [...stylesheet.matchAll(/--card: (#[0-9a-f]{6});/g)].map(([, value]) => value);
    expect(found).toEqual([cards.light, cards.dark]);
  });
});

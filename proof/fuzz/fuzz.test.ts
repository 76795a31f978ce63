import { parseForm } from "@symbolon/protocol";
import { describe, expect, test } from "vitest";
import { runFuzz, type Finding } from "./run-fuzz.ts";
import { targets, type Target } from "./targets.ts";

const seeds = ["Zg==", "a=1&b=%C3%A9", "https://good.example/cb"];
const findingsIn = (flaw: Target["flaw"], of: readonly string[] = seeds): Finding[] =>
  runFuzz([{ name: "planted", seeds: of, flaw }], 20_000, 5).findings;

describe("HT-07, TK-08, IN-08: parsers under two hundred thousand hostile texts", () => {
  test("return a result and never throw; accept one spelling; take time in proportion to the length", () => {
    const { inputs, findings } = runFuzz(targets, 200_000, 20_260_810);
    expect(findings).toEqual([]);
    expect(inputs).toBe(200_000);
  });

  test("each parser accepts its own seed texts", () => {
    for (const { name, seeds: own, flaw } of targets)
      for (const text of own) expect([name, text, flaw(text)]).toEqual([name, text, undefined]);
    expect(parseForm(targets.find(({ name }) => name === "form")!.seeds[0]!)).toMatchObject({ ok: true });
  });

  test("the same seed produces the same texts", () => {
    const textsOf = (seed: number): string[] => {
      const texts: string[] = [];
      runFuzz([{ name: "listener", seeds, flaw: (text) => void texts.push(text) }], 500, seed);
      return texts;
    };
    expect(textsOf(1)).toEqual(textsOf(1));
    expect(textsOf(1)).not.toEqual(textsOf(2));
  });
});

describe("the fuzzer finds the mistakes of wrong parsers", () => {
  test("a decoder that skips junk", () =>
    expect(
      findingsIn((text) =>
        /^[\x20-\x7e]+$/.test(text) && Buffer.from(text, "base64").toString("base64") !== text
          ? "a second spelling"
          : undefined,
      ).length,
    ).toBeGreaterThan(0));
  test("a comparison that goes through a URL parser", () =>
    expect(
      findingsIn((text) =>
        text !== seeds[2] && URL.canParse(text) && new URL(text).href === seeds[2]
          ? "another text, the same address"
          : undefined,
      ).length,
    ).toBeGreaterThan(0));
  test("a form parser that throws", () =>
    expect(findingsIn((text) => void decodeURIComponent(text))[0]?.flaw).toContain("URIError"));
  test("a form parser that repairs", () => {
    const strict = targets.find(({ name }) => name === "form")!;
    const lenient = (text: string): string | undefined =>
      parseForm(text).ok || [...new URLSearchParams(text)].length === 0
        ? strict.flaw(text)
        : "accepted by the platform's parser alone";
    expect(findingsIn(lenient).length).toBeGreaterThan(0);
  });
  test("a prefix for a match", () =>
    expect(
      findingsIn((text) => (text.startsWith("https://good.example") && text !== seeds[2] ? "another host" : undefined))
        .length,
    ).toBeGreaterThan(0));
  test("a pattern that takes the cube of its length", () =>
    expect(
      runFuzz(
        [
          {
            name: "planted",
            seeds: ["a".repeat(4000)],
            flaw: (text) => void (text.length > 3000 && /a*a*b/.test(text.slice(0, 800))),
          },
        ],
        8,
        5,
      ).findings.length,
    ).toBeGreaterThan(0));
});

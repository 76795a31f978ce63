import { describe, expect, test } from "vitest";
import { knownAttacks, unbuiltGroups } from "./attacks-known.ts";
import type { Attack } from "./attacks-known/attack.ts";
import { attacksOf, resultsOf } from "./attacks.ts";

const attack: Attack = { id: "AZ-01", outcome: "It is refused." };
const named = { file: "x/a.test.ts", title: "AZ-01, RFC 1 §1: [c] | <d>" };
const problemsOf = (known: readonly Attack[], titles: readonly string[]): string[] =>
  attacksOf(
    known,
    [{ group: "DV", awaits: "the device flow" }],
    titles.map((title) => ({ ...named, title })),
  ).problems;

describe("attacksOf", () => {
  test("reports an id without a test", () =>
    expect(problemsOf([attack], ["AZ-011: b", "AZ-02 b"])).toContainEqual(
      expect.stringContaining("AZ-01 has no test"),
    ));
  test("reports an id that is listed twice", () =>
    expect(problemsOf([attack, attack], ["AZ-01: a"])).toEqual(["AZ-01 is listed twice"]));
  test("reports an id that only a test names", () =>
    expect(problemsOf([attack], ["AZ-01, AZ-02: a"])).toEqual(["AZ-02 is named by a test and not listed"]));
  test("accepts ids of groups without a package", () =>
    expect(problemsOf([attack], ["AZ-01: a", "DV-01: b", "XX-01: c"])).toEqual([]));
});

test("writes id, outcome, tests and the absent feature to the page", () => {
  const { page } = attacksOf(
    [{ ...attack, absent: "wild | cards" }],
    [{ group: "DV", awaits: "the device flow" }],
    [named],
  );
  expect(page).toContain(
    "| AZ-01 | It is refused. Absent: wild \\| cards. | [AZ-01, RFC 1 §1: \\[c\\] \\| \\<d\\>](../x/a.test.ts) |",
  );
  expect(page).toContain("| DV | the device flow |");
});

describe("resultsOf", () => {
  const report = (...tests: [fullName: string, status: string][]): string =>
    JSON.stringify({ testResults: [{ assertionResults: tests.map(([fullName, status]) => ({ fullName, status })) }] });
  test("passes an id if every test passes that names it, in its own title or its group's", () =>
    expect(
      resultsOf([attack], report(["AZ-01: a b", "passed"], ["a AZ-01: c", "passed"], ["AZ-02: d", "failed"])),
    ).toEqual({ lines: ["AZ-01  2 of 2 passed"], problems: [] }));
  test.each<[string, [string, string][]]>([
    [
      "one of them failed",
      [
        ["AZ-01: a", "passed"],
        ["AZ-01: b", "failed"],
      ],
    ],
    ["one was skipped", [["AZ-01: a", "pending"]]],
    ["none ran", []],
  ])("fails an id if %s", (_, tests) => expect(resultsOf([attack], report(...tests)).problems).toHaveLength(1));
});

test("lists every group of the catalogue", () =>
  expect(
    new Set([...knownAttacks.map(({ id }) => id.slice(0, 2)), ...unbuiltGroups.map(({ group }) => group)]),
  ).toEqual(
    new Set([
      "AZ",
      "AP",
      "MX",
      "WB",
      "CA",
      "TK",
      "IN",
      "RG",
      "RV",
      "SI",
      "SS",
      "JW",
      "DP",
      "DV",
      "HT",
      "ST",
      "OP",
      "AD",
    ]),
  ));

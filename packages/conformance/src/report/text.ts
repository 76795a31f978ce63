import type { Finding, Report } from "../run.ts";
import { byGroup } from "./by-group.ts";

const marks: Readonly<Record<Finding["outcome"], string>> = {
  pass: "pass",
  fail: "FAIL",
  observed: "seen",
  undecided: "  ? ",
  not_offered: "  - ",
};

/** The report as text, one line per check. */
export function textOf(report: Report): string {
  const groups = byGroup(report.findings);
  const lines = [...groups].flatMap(([group, findings]) => ["", group, ...findings.map(lineOf)]);
  return [`${report.issuer}, as ${report.client}, at ${report.at}`, ...lines, "", summaryOf(report)].join("\n");
}

const lineOf = ({ outcome, level, clause, requirement, detail }: Finding): string =>
  `  ${outcome === "fail" && level === "should" ? "warn" : marks[outcome]}  ${clause.padEnd(18)} ${requirement}\n${" ".repeat(27)}${detail}`;

export function summaryOf({ counts: { passed, failed, advised, observed, undecided, notOffered } }: Report): string {
  return `${passed} passed, ${failed} failed, ${advised} advised; ${observed} observed, ${undecided} undecided, ${notOffered} not offered.`;
}

import type { Finding, Report } from "../run.ts";
import { summaryOf } from "./text.ts";

const names: Readonly<Record<Finding["outcome"], string>> = {
  pass: "kept",
  fail: "not kept",
  observed: "observed",
  undecided: "undecided",
  not_offered: "not offered",
};

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** The report as one self-contained HTML page. */
export function htmlOf(report: Report): string {
  const groups = Map.groupBy(report.findings, ({ group }) => group);
  const tables = [...groups].map(
    ([group, findings]) => `<h2>${escaped(group)}</h2>
<table><thead><tr><th scope="col">Clause</th><th scope="col">What is kept</th><th scope="col">Outcome</th><th scope="col">Seen</th></tr></thead><tbody>
${findings.map(rowOf).join("")}</tbody></table>
`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Conformance of ${escaped(report.issuer)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<style>${style}</style></head><body>
<h1>Conformance of ${escaped(report.issuer)}</h1>
<p>As <code>${escaped(report.client)}</code>, ${escaped(report.at)}. ${escaped(summaryOf(report))}</p>
${tables.join("")}</body></html>
`;
}

const rowOf = ({ id, clause, level, says, outcome, detail }: Finding): string =>
  `<tr id="${escaped(id)}"><td>${escaped(clause)}<br><small>${level === "observed" ? "" : level}</small></td><td>${escaped(says)}</td><td><b class="${outcome === "fail" ? level : outcome}">${names[outcome]}</b></td><td>${escaped(detail)}</td></tr>\n`;

const style = `body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}table{width:100%;border-collapse:collapse}th,td{text-align:start;vertical-align:top;padding:.4rem .8rem .4rem 0;border-bottom:1px solid #8884}td:first-child{white-space:nowrap}td:nth-child(2){width:45%}small{opacity:.7}b{font-weight:600;white-space:nowrap}.pass{color:#0b7a5f}.must{color:#c0281b}.should{color:#9a6700}.observed,.undecided,.not_offered{opacity:.75}@media(prefers-color-scheme:dark){.pass{color:#5cc7b9}.must{color:#ff9d8f}.should{color:#f0c674}}`;

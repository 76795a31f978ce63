import { html, type Html } from "@symbolon/html";
import type { Finding, Report } from "../run.ts";
import { byGroup } from "./by-group.ts";
import { summaryOf } from "./text.ts";

const names: Readonly<Record<Finding["outcome"], string>> = {
  pass: "kept",
  fail: "not kept",
  observed: "observed",
  undecided: "undecided",
  not_offered: "not offered",
};

/** The report as one page that loads nothing else. */
export function htmlOf(report: Report): string {
  const groups = byGroup(report.findings);
  const tables = [...groups].map(
    ([group, findings]) => html`<h2>${group}</h2>
<table><thead><tr><th scope="col">Clause</th><th scope="col">Requirement</th><th scope="col">Outcome</th><th scope="col">Observed</th></tr></thead><tbody>
${findings.map(rowOf)}</tbody></table>
`,
  );
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Conformance of ${report.issuer}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
${style}</head><body>
<h1>Conformance of ${report.issuer}</h1>
<p>As <code>${report.client}</code>, ${report.at}. ${summaryOf(report)}</p>
${tables}</body></html>
`.toString();
}

const rowOf = ({ id, clause, level, requirement, outcome, detail }: Finding): Html =>
  html`<tr id="${id}"><td>${clause}<br><small>${level === "observed" ? "" : level}</small></td><td>${requirement}</td><td><b class="${outcome === "fail" ? level : outcome}">${names[outcome]}</b></td><td>${detail}</td></tr>\n`;

const style = html`<style>body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}table{width:100%;border-collapse:collapse}th,td{text-align:start;vertical-align:top;padding:.4rem .8rem .4rem 0;border-bottom:1px solid #8884}td:first-child{white-space:nowrap}td:nth-child(2){width:45%}small{opacity:.7}b{font-weight:600;white-space:nowrap}.pass{color:#0b7a5f}.must{color:#c0281b}.should{color:#9a6700}.observed,.undecided,.not_offered{opacity:.75}@media(prefers-color-scheme:dark){.pass{color:#5cc7b9}.must{color:#ff9d8f}.should{color:#f0c674}}</style>`;

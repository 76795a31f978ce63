import type { Finding, Report } from "@symbolon/conformance";

const marks: Readonly<Record<Finding["outcome"], string>> = {
  pass: "kept",
  fail: "**not kept**",
  observed: "",
  undecided: "undecided:",
  not_offered: "not offered:",
};

/** The three reports side by side. */
export function pageOf(reports: Readonly<Record<string, Report>>): string {
  const names = Object.keys(reports);
  const [first] = Object.values(reports);
  const found = (name: string, id: string): Finding => reports[name]!.findings.find((one) => one.id === id)!;
  const rows = first!.findings.map(
    ({ id, clause, level, says }) =>
      `| ${clause} | ${level === "observed" ? "" : level} | ${cell(says)} | ${names.map((name) => cellOf(found(name, id))).join(" | ")} |`,
  );
  const counts = names.map((name) => {
    const { passed, failed, advised, observed, undecided, notOffered } = reports[name]!.counts;
    return `| [${name}](${name}.html) | ${passed} | ${failed} | ${advised} | ${observed} | ${undecided} | ${notOffered} | [text](${name}.txt), [JSON](${name}.json) |`;
  });
  return `${introduction}
| server | kept | not kept (must) | not kept (should) | observed | undecided | not offered | report |
|---|---|---|---|---|---|---|---|
${counts.join("\n")}

${reading}

| clause | | what is kept | ${names.join(" | ")} |
|---|---|---|${names.map(() => "---").join("|")}|
${rows.join("\n")}
`;
}

const cellOf = ({ outcome, detail }: Finding): string =>
  outcome === "pass" ? "kept" : cell(`${marks[outcome]} ${detail}`.trim());

const cell = (text: string): string => text.replace(/\s+/g, " ").replace(/[\\|<>]/g, "\\$&");

const introduction = `# Conformance: three servers, one set of questions

Written by \`npm run conformance\`. The same questions can be put to any authorization server:

\`\`\`sh
npx symbolon conformance https://id.example.com --client-id app_1 --scope profile
\`\`\`

They cover RFC 6749, 7009, 7636, 7662, 8414 and 9207, and what becomes of refresh tokens that come twice, late or ten at once (RFC 9700). It needs an application there with a redirect URI on this computer, and somebody who allows it about forty times: you in a browser, or a command (\`--authorize\`).
`;

const reading = `How to read it:

- *must* and *should* are the words of the clause; where a clause leaves the choice to the server, what it does is *observed* and counts for nothing.
- Symbolon runs as it comes. oidc-provider runs with the pages of its development mode, its own store in memory, and rotation switched on, because by itself it rotates for public clients, and near a token's end, alone. @node-oauth/oauth2-server runs on a model in memory. Both stores answer at once; with a database behind them there is time between a look and a write, which is where simultaneous requests part ways, so what is kept here is not yet kept there. The latter brings no metadata, introspection or revocation, so there is nothing to ask about these.
- That a rotated refresh token has one successor, and that reuse ends the newest token too, are our reading of RFC 9700 §4.14.2. A server that hands out several pairs on purpose (a grace period) does not keep them, and may have its reasons.
- We wrote the questions and pass them ourselves, which proves less than that others can ask them.`;

import type { Finding, Report } from "@symbolon/conformance";

const marks: Readonly<Record<Finding["outcome"], string>> = {
  pass: "passed",
  fail: "**failed**",
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
    ({ id, clause, level, requirement }) =>
      `| ${clause} | ${level === "observed" ? "" : level} | ${cell(requirement)} | ${names.map((name) => cellOf(found(name, id))).join(" | ")} |`,
  );
  const counts = names.map((name) => {
    const { passed, failed, advised, observed, undecided, notOffered } = reports[name]!.counts;
    return `| [${name}](${name}.html) | ${passed} | ${failed} | ${advised} | ${observed} | ${undecided} | ${notOffered} | [text](${name}.txt), [JSON](${name}.json) |`;
  });
  return `${introduction}
| server | passed | failed (must) | failed (should) | observed | undecided | not offered | report |
|---|---|---|---|---|---|---|---|
${counts.join("\n")}

${reading}

| clause | | requirement | ${names.join(" | ")} |
|---|---|---|${names.map(() => "---").join("|")}|
${rows.join("\n")}
`;
}

const cellOf = ({ outcome, detail }: Finding): string =>
  outcome === "pass" ? "passed" : cell(`${marks[outcome]} ${detail}`.trim());

const cell = (text: string): string => text.replace(/\s+/g, " ").replace(/[\\|<>]/g, "\\$&");

const introduction = `# Conformance: three servers, one set of checks

Written by \`npm run conformance\`. The same checks run against any authorization server:

\`\`\`sh
npx symbolon conformance https://id.example.com --client-id app_1 --scope profile
\`\`\`

They cover RFC 6749, 7009, 7636, 7662, 8414 and 9207, and refresh tokens that are presented twice, late or ten times at once (RFC 9700). The command needs a client with a loopback redirect URI and about forty consents: from you in a browser, or from a command (\`--authorize\`).
`;

const reading = `How to read it:

- *must* and *should* are the words of the clause; where a clause leaves the choice to the server, its behaviour is *observed* and not counted.
- Symbolon runs with its defaults. oidc-provider runs with its development pages, its in-memory store and rotation switched on, because by default it rotates only for public clients and near a token's expiry. @node-oauth/oauth2-server runs on an in-memory model. In-memory stores answer at once; a database leaves time between read and write in which simultaneous requests can interleave, so a check that passes here can fail there. The latter server has no metadata, introspection or revocation, so those checks are not offered.
- Two checks are our reading of RFC 9700 §4.14.2: a rotated refresh token has one successor, and reuse revokes the current token. A server that issues several pairs on purpose (a grace period) fails them.
- We wrote the checks and pass them. They are useful because anyone can run them.`;

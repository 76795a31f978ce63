import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { examine, htmlOf, textOf, type Report } from "@symbolon/conformance";
import type { Candidate } from "./candidate.ts";
import { nodeOAuth2Server } from "./node-oauth2-server.ts";
import { oidcProvider } from "./oidc-provider.ts";
import { pageOf } from "./page.ts";
import { symbolon } from "./symbolon.ts";

/** `npm run conformance`: runs the pack on three servers and writes docs/conformance. */
export const candidates: Readonly<Record<string, () => Promise<Candidate>>> = {
  symbolon,
  "oidc-provider": oidcProvider,
  "node-oauth2-server": nodeOAuth2Server,
};

export async function examineCandidate(open: () => Promise<Candidate>): Promise<Report> {
  const { options, close } = await open();
  try {
    return await examine(options, {
      fetch,
      random: (length) => randomBytes(length),
      epochMs: () => Date.now(),
      progress() {},
    });
  } finally {
    await close();
  }
}

if (import.meta.main) {
  const directory = join(import.meta.dirname, "../../docs/conformance");
  mkdirSync(directory, { recursive: true });
  const reports: Record<string, Report> = {};
  for (const [name, open] of Object.entries(candidates)) {
    const report = await examineCandidate(open);
    reports[name] = report;
    writeFileSync(join(directory, `${name}.txt`), `${textOf(report)}\n`);
    writeFileSync(join(directory, `${name}.json`), `${JSON.stringify(report, null, 1)}\n`);
    writeFileSync(join(directory, `${name}.html`), htmlOf(report));
    console.log(`${name}: ${JSON.stringify(report.counts)}`);
  }
  writeFileSync(join(directory, "README.md"), pageOf(reports));
}

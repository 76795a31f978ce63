import type { Case } from "./case.ts";
import { keeping } from "./keeper.ts";
import { verbs } from "./verbs.ts";

export const suite: readonly Case[] = [...verbs, ...keeping];

export type Finding = { name: string; failure?: string };

/** Runs every case against a provider of its own below `url`, one after the other, and says how each ended. */
export async function runSuite(url: string): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [at, { name, run, place = "plain" }] of suite.entries()) {
    const failure = await run(`${url}/${at}.${place}`).then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? `${error.message}\n${error.stack}` : String(error)),
    );
    findings.push(failure === undefined ? { name } : { name, failure });
  }
  return findings;
}

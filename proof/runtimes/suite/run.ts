import type { Case } from "./case.ts";
import { keeperCases } from "./keeper.ts";
import { operationCases } from "./verbs.ts";

export const suite: readonly Case[] = [...operationCases, ...keeperCases];

export type Finding = { name: string; failure?: string };

/** Runs the cases one after another, each against its own provider below `url`, and returns how each ended. */
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

import { authorizeChecks } from "./checks/authorize.ts";
import { codeChecks, pkceChecks } from "./checks/code.ts";
import { introspectChecks } from "./checks/introspect.ts";
import { issuerChecks } from "./checks/issuer.ts";
import { metadataChecks } from "./checks/metadata.ts";
import { refreshChecks, rotationChecks } from "./checks/refresh.ts";
import { revokeChecks } from "./checks/revoke.ts";
import { tokenChecks } from "./checks/token.ts";
import { undecided, type Check, type Level, type Verdict } from "./check.ts";
import { discover } from "./discover.ts";
import { newSubject, Unavailable, type Subject, type SubjectOptions } from "./subject.ts";
import type { World } from "./world.ts";

/** Every check, in the order of running and reporting. */
export const groups: Readonly<Record<string, readonly Check[]>> = {
  Metadata: metadataChecks,
  "The authorization endpoint": authorizeChecks,
  "Issuer identification": issuerChecks,
  "Authorization codes": codeChecks,
  PKCE: pkceChecks,
  "The token endpoint and its clients": tokenChecks,
  Refresh: refreshChecks,
  Rotation: rotationChecks,
  Introspection: introspectChecks,
  Revocation: revokeChecks,
};

export type Finding = Verdict & { id: string; group: string; clause: string; level: Level; requirement: string };

export type Report = {
  issuer: string;
  client: string;
  /** ISO 8601. */
  at: string;
  findings: readonly Finding[];
  /** `failed`: failed checks of level must. `advised`: failed checks of level should. */
  counts: { passed: number; failed: number; advised: number; undecided: number; notOffered: number; observed: number };
};

/**
 * Runs every check against one server. Throws an Unavailable if the server cannot be discovered or the first consent
 * fails; an error in a check is its verdict.
 */
export async function examine(options: SubjectOptions, world: World): Promise<Report> {
  const { endpoints, metadata } = await discover(options, world);
  const subject = newSubject(options, endpoints, metadata, world);
  await tryConsent(subject);
  const all = Object.entries(groups).flatMap(([group, checks]) => checks.map((check) => ({ group, check })));
  const findings: Finding[] = [];
  for (const [at, { group, check }] of all.entries()) {
    const { id, clause, level, requirement } = check;
    world.progress({ id, at: at + 1, of: all.length });
    findings.push({ id, group, clause, level, requirement, ...(await runOne(check, subject)) });
  }
  return {
    issuer: options.issuer,
    client: options.client.id,
    at: new Date(world.epochMs()).toISOString(),
    findings,
    counts: count(findings),
  };
}

/**
 * Most checks need a code: if the first consent fails, every later one would fail the same way, each after its delay.
 */
async function tryConsent(subject: Subject): Promise<void> {
  try {
    await subject.code();
  } catch (error) {
    throw new Unavailable(`The first consent failed, so no check was run: ${reasonOf(error)}`, { cause: error });
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).slice(0, 300);

async function runOne({ run }: Check, subject: Subject): Promise<Verdict> {
  try {
    return await run(subject);
  } catch (error) {
    return undecided(`could not be tried: ${reasonOf(error)}`);
  }
}

function count(findings: readonly Finding[]): Report["counts"] {
  const of = (outcome: Verdict["outcome"], level?: Level): number =>
    findings.filter((one) => one.outcome === outcome && (level === undefined || one.level === level)).length;
  return {
    passed: of("pass"),
    failed: of("fail", "must"),
    advised: of("fail", "should"),
    undecided: of("undecided"),
    notOffered: of("not_offered"),
    observed: of("observed"),
  };
}

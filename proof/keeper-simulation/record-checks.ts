import { isLive, type GrantFacts, type Watch } from "./facts.ts";
import { consentOf } from "./provider/family.ts";
import type { RecordView } from "./subject.ts";
import type { VirtualProcess } from "./virtual-process.ts";

/** What must hold when a record has been replaced by another. */
export function checkWrite(
  oracle: Watch,
  process: VirtualProcess,
  grant: GrantFacts,
  before: RecordView | undefined,
  after: RecordView,
): void {
  if (before === undefined) return;
  if (after.version < before.version)
    oracle.fail("B4", `version ${before.version} of ${grant.name} was replaced by ${after.version}`);
  if (after.fence < before.fence)
    oracle.fail("B6", `fence ${before.fence} of ${grant.name} was followed by ${after.fence}`);
  if (before.accessToken === undefined && after.accessToken !== undefined && grant.durable.has(after.accessToken))
    oracle.saw("a damaged pair gave way to its predecessor");
  if (after.state === "active" && before.state === "suspect") oracle.saw("suspect, and active again");
  if (after.state === "active" && before.state === "ambiguous") oracle.saw("ambiguous, and active again");
  if (before.hasIntent && before.owner !== undefined && after.owner !== undefined && before.owner !== after.owner)
    oracle.saw("an open intent found by another process");
  if (after.state === "dead" && before.state !== "dead" && isOfThisConsent(oracle, grant, before))
    checkDeath(oracle, process, grant);
}

/** A user may have consented again, and the keeper not know it yet. */
const isOfThisConsent = ({ world }: Watch, { family }: GrantFacts, { accessToken }: RecordView): boolean =>
  accessToken !== undefined &&
  consentOf(world.provider.accessTokens.get(accessToken)!.generation) === consentOf(family.head);

function checkDeath(oracle: Watch, process: VirtualProcess, grant: GrantFacts): void {
  oracle.saw("declared dead");
  const foreign = grant.flights.find((flight) => isLive(flight) && flight.process !== process);
  if (foreign !== undefined)
    oracle.fail("I4", `${process.name} declares ${grant.name} dead while ${foreign.process.name} waits for an answer`);
  const wasMisled = grant.wasRefusedForNothing && grant.kind === "strict";
  if (grant.family.endedBy === undefined && !wasMisled && !grant.weRevoke)
    oracle.fail("I5", `${grant.name} (${grant.kind}) is declared dead, and its provider honours it`);
}

import type { GrantFacts, Watch } from "./facts.ts";
import { hasGoodClocks } from "./plan.ts";
import { rulesOf } from "./provider/rules.ts";
import type { Handed } from "./subject.ts";
import type { VirtualProcess } from "./virtual-process.ts";

/** What must hold when a caller is answered. */
export function checkHanded(
  oracle: Watch,
  process: VirtualProcess,
  grant: GrantFacts,
  handed: Handed,
  rejected: string | undefined,
): void {
  if (handed.kind === "ended") return checkEnded(oracle, grant);
  if (handed.kind === "none") return checkNone(oracle, process, grant, handed.code, rejected);
  const { accessToken, isVolatile } = handed;
  if (!oracle.world.provider.accessTokens.has(accessToken))
    return oracle.fail("C-11", "handed out something that no provider has given");
  if (grant.isRevocationAcknowledged && process.stoodStillMs === 0 && hasSeenRecord(oracle, grant))
    oracle.fail("B3.9", "handed out after its revocation was acknowledged");
  if (isVolatile) oracle.saw("handed out while volatile");
  if (!isVolatile && !grant.durable.has(accessToken))
    oracle.fail("I2", `${accessToken} was handed out before it was durable, and without a flag`);
  if (isVolatile && rulesOf(grant.kind).rotation.kind === "lazy")
    oracle.fail("I2", `under ${grant.kind} a token that is not durable must be withheld`);
  if (grant.record?.state === "ambiguous") oracle.saw("a live token served while ambiguous");
  if (grant.record?.state === "suspect") oracle.saw("a live token served while suspect");
}

function checkEnded(oracle: Watch, grant: GrantFacts): void {
  const { record, name } = grant;
  if (!hasSeenRecord(oracle, grant)) return;
  if (record?.state !== "dead" && record?.state !== "revoking")
    oracle.fail("B5", `${name} is said to be over, and its record is ${record?.state}`);
}

/** In every state a live access token is served (B5), unless the caller reports it as rejected. */
function checkNone(
  oracle: Watch,
  process: VirtualProcess,
  grant: GrantFacts,
  code: string,
  rejected: string | undefined,
): void {
  const { record, lifetimeSeconds } = grant;
  const { plan, provider, scheduler } = oracle.world;
  const current = record?.accessToken;
  if (grant.isDamaged) return;
  if (code === "unreadable" && hasSeenRecord(oracle, grant))
    oracle.fail("C-11", `${grant.name} is said to be unreadable, and it is not`);
  if (
    current === undefined ||
    rejected !== undefined ||
    grant.rejected.has(current) ||
    code === "store_unavailable" ||
    code === "aborted" ||
    !hasGoodClocks(plan) ||
    !hasSeenRecord(oracle, grant)
  )
    return;
  const leftMs = provider.accessTokens.get(current)!.expiresAtMs - scheduler.nowMs;
  if (leftMs > Math.min(60_000, lifetimeSeconds * 200) + 20_000)
    oracle.fail("C-08", `${process.name} gets "${code}", and ${current} lives for ${Math.round(leftMs / 1000)} s`);
}

/**
 * Whether every process must know the record as it stands: it has stood for longer than a read takes, and no process
 * was cut off from it.
 */
function hasSeenRecord({ world: { plan, scheduler } }: Watch, { writtenAtMs }: GrantFacts): boolean {
  const {
    faults: { storeFailsBefore, storeFailsAfter, storeAppliesLate, storeSlowMs },
    storePartitions,
  } = plan;
  return (
    storeFailsBefore + storeFailsAfter + storeAppliesLate + storePartitions === 0 &&
    scheduler.nowMs - writtenAtMs > 4000 + 3 * storeSlowMs
  );
}

import type { GrantFacts } from "./facts.ts";
import type { KeeperOracle } from "./oracle.ts";
import { hasGoodClocks } from "./plan.ts";
import { rulesOf } from "./provider/rules.ts";
import type { Handed } from "./subject.ts";
import type { VirtualProcess } from "./virtual-process.ts";

/** What must hold when a caller is answered. */
export function checkHanded(oracle: KeeperOracle, process: VirtualProcess, grant: GrantFacts, handed: Handed, rejected: string | undefined): void {
  if (handed.kind === "ended") return checkEnded(oracle, grant);
  if (handed.kind === "none") return checkNone(oracle, process, grant, handed.code, rejected);
  const { accessToken, isVolatile } = handed;
  if (!oracle.world.provider.accessTokens.has(accessToken)) return oracle.fail("C-11", "handed out something that no provider has given");
  if (grant.isRevocationAcknowledged) oracle.fail("B3.9", "handed out after its revocation was acknowledged");
  if (isVolatile) oracle.saw("handed out while volatile");
  if (!isVolatile && !grant.durable.has(accessToken)) oracle.fail("I2", `${accessToken} was handed out before it was durable, and without a flag`);
  if (isVolatile && rulesOf(grant.kind).rotation.kind === "lazy") oracle.fail("I2", `under ${grant.kind} a token that is not durable must be withheld`);
  if (grant.record?.state === "ambiguous") oracle.saw("a live token served while ambiguous");
  if (grant.record?.state === "suspect") oracle.saw("a live token served while suspect");
}

function checkEnded(oracle: KeeperOracle, { record, name }: GrantFacts): void {
  if (record?.state !== "dead" && record?.state !== "revoking") oracle.fail("B5", `${name} is said to be over, and its record is ${record?.state}`);
}

/** In whatever state, a live access token is served (B5), unless the caller brings it back as refused. */
function checkNone(oracle: KeeperOracle, process: VirtualProcess, grant: GrantFacts, code: string, rejected: string | undefined): void {
  const { record, lifetimeSeconds } = grant;
  const { plan, provider, scheduler } = oracle.world;
  const current = record?.accessToken;
  if (current === undefined || rejected !== undefined || grant.rejected.has(current) || code === "store_unavailable" || code === "aborted" || !hasGoodClocks(plan)) return;
  const leftMs = provider.accessTokens.get(current)!.expiresAtMs - scheduler.nowMs;
  if (leftMs > Math.min(60_000, lifetimeSeconds * 200) + 20_000) oracle.fail("C-08", `${process.name} is told "${code}", and ${current} lives for ${Math.round(leftMs / 1000)} s`);
}

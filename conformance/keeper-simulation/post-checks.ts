import { hadTrouble, isLive, type Flight, type GrantFacts } from "./facts.ts";
import type { KeeperOracle } from "./oracle.ts";
import { hasGoodClocks } from "./plan.ts";
import { rulesOf } from "./provider/rules.ts";

const mostPostsAMinute = 12;

/** What must hold when a POST leaves. */
export function checkPost(oracle: KeeperOracle, flight: Flight): void {
  const { grant, presented, process } = flight;
  const { family, record } = grant;
  const rules = rulesOf(grant.kind);
  const { nowMs } = oracle.world.scheduler;

  const rival = grant.flights.find((other) => other !== flight && isLive(other));
  if (rival !== undefined) oracle.fail("I1", `${process.name} and ${rival.process.name} refresh ${grant.name} at once`);
  if (rules.rotation.kind !== "none" && presented.generation < family.head - 1) oracle.fail("I3", `generation ${presented.generation} was sent, two behind ${family.head}`);
  if (record?.hasIntent !== true && process.stoodStillMs === 0) oracle.fail("B6", "sent without a written intent");
  if (grant.posts.filter((atMs) => nowMs - atMs < 60_000).length >= mostPostsAMinute) oracle.fail("C-06 C-10", `more than ${mostPostsAMinute} refreshes in a minute`);
  checkPatience(oracle, flight);
  if (presented.generation === family.head) checkNeed(oracle, grant);
  else if (grant.kind === "strict") checkRush(oracle, grant);
}

/** After a 429 that names a wait, this process waits. */
function checkPatience(oracle: KeeperOracle, { grant, process, life }: Flight): void {
  const { nowMs } = oracle.world.scheduler;
  const last = grant.flights.findLast((other) => other.process === process && other.life === life);
  const asked = last?.outcome !== undefined && "retryAfterMs" in last.outcome ? (last.outcome.retryAfterMs ?? 0) : 0;
  if (last !== undefined && hasGoodClocks(oracle.world.plan) && nowMs - last.startedAtMs < Math.min(asked, 60_000)) oracle.fail("C-06", `asked to wait ${asked} ms, sent again after ${Math.round(nowMs - last.startedAtMs)} ms`);
}

/** The head is spent only when its access token nears its end, or a resource server refused it. */
function checkNeed(oracle: KeeperOracle, grant: GrantFacts): void {
  const { record, lifetimeSeconds } = grant;
  const current = record?.accessToken;
  const bought = current === undefined ? undefined : grant.bought.get(current);
  if (current === undefined || bought === undefined || grant.rejected.has(current) || !hasGoodClocks(oracle.world.plan)) return;
  const ageMs = oracle.world.scheduler.nowMs - bought.atMs;
  if (ageMs < lifetimeSeconds * 750) oracle.fail("C-04", `${grant.name} is renewed ${Math.round(ageMs / 1000)} s after its last renewal, at a lifetime of ${lifetimeSeconds} s`);
}

/** Under strict the one replay ends the access token too, where the first attempt was processed. */
function checkRush(oracle: KeeperOracle, grant: GrantFacts): void {
  const { record, lifetimeSeconds } = grant;
  const current = record?.accessToken;
  if (current === undefined || grant.rejected.has(current) || !hasGoodClocks(oracle.world.plan)) return;
  const { expiresAtMs } = oracle.world.provider.accessTokens.get(current)!;
  const leftMs = expiresAtMs - oracle.world.scheduler.nowMs;
  const marginMs = Math.min(60_000, lifetimeSeconds * 200) + 5000;
  if (leftMs > marginMs && hadTrouble(grant, 0)) oracle.fail("B3.2", `a token that was perhaps spent was sent again with ${Math.round(leftMs / 1000)} s of access left to lose`);
}

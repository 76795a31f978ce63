import { hadTrouble, isLive, type Flight, type GrantFacts, type Watch } from "./facts.ts";
import { hasGoodClocks } from "./plan.ts";
import { consentOf } from "./provider/family.ts";
import { rulesOf, windowMs } from "./provider/rules.ts";

const mostPostsAMinute = 20;
/** While a lost answer can still be had, its window is the budget (B3.2). */
const mostReplaysAMinute = 60;
/** A pair ages from the start of its request, and a `Date` header knows whole seconds. */
const slackMs = 7000;

/** What must hold when a POST leaves. */
export function checkPost(oracle: Watch, flight: Flight): void {
  const { grant, presented, process } = flight;
  const { family, record } = grant;
  const rules = rulesOf(grant.kind);

  // A late answer ends the intent of a process that still sends the token before.
  const rival = grant.flights.find(
    (other) => other !== flight && isLive(other) && other.presented.generation === presented.generation,
  );
  if (rival !== undefined) oracle.fail("I1", `${process.name} and ${rival.process.name} refresh ${grant.name} at once`);
  if (rules.rotation.kind !== "none" && isOld(oracle, flight))
    oracle.fail("I3", `generation ${presented.generation} was sent, two behind ${family.head}`);
  if (record?.hasIntent !== true && process.stoodStillMs === 0 && !mayBeLate(oracle, grant))
    oracle.fail("B6", "sent without a written intent");
  checkPatience(oracle, flight);
  if (presented.generation === family.head) checkNeed(oracle, grant);
  else if (presented.generation === family.head - 1 && !rules.readsIntent && knowsWindowIsOver(oracle, flight))
    checkRush(oracle, grant);
}

const hasWindow = (kind: GrantFacts["kind"]): boolean =>
  windowMs(rulesOf(kind)) > 0 && windowMs(rulesOf(kind)) < Infinity;

/** Two generations behind, or of an earlier consent than the one that the store knows. */
function isOld(oracle: Watch, { grant, presented }: Flight): boolean {
  const { family, record } = grant;
  const consent = consentOf(presented.generation);
  if (consent === consentOf(family.head)) return presented.generation < family.head - 1;
  const stored = oracle.world.provider.accessTokens.get(record?.accessToken ?? "");
  return stored !== undefined && consent < consentOf(stored.generation) && !mayBeLate(oracle, grant);
}

/** Whether a process may act on what it has just read though another process has written meanwhile. */
const mayBeLate = ({ world: { plan, scheduler } }: Watch, { writtenAtMs }: GrantFacts): boolean =>
  scheduler.nowMs - writtenAtMs < plan.faults.storeSlowMs + 100;

/** A provider is not flooded, with any answer. */
export function checkArrival(oracle: Watch, { arrivals, kind }: GrantFacts): void {
  const { nowMs } = oracle.world.scheduler;
  const most = hasWindow(kind) ? mostReplaysAMinute : mostPostsAMinute;
  if (arrivals.filter((atMs) => nowMs - atMs < 60_000).length > most)
    oracle.fail("C-06 C-10", `more than ${most} refreshes in a minute`);
}

/** Asked for patience, this process has it; but for an answer that was lost, and that can be had for a minute more. */
function checkPatience(oracle: Watch, { grant, process, life }: Flight): void {
  const { nowMs } = oracle.world.scheduler;
  if (hasWindow(grant.kind) || hadTrouble(grant, 0, ["store", "partition"])) return;
  const last = grant.flights.findLast((other) => other.process === process && other.life === life);
  const asked = last?.outcome !== undefined && "retryAfterMs" in last.outcome ? (last.outcome.retryAfterMs ?? 0) : 0;
  if (last !== undefined && hasGoodClocks(oracle.world.plan) && nowMs - last.startedAtMs < Math.min(asked, 60_000))
    oracle.fail("C-06", `asked to wait ${asked} ms, sent again after ${Math.round(nowMs - last.startedAtMs)} ms`);
}

/** The head is spent only when its access token nears its end, or a resource server refused it. */
function checkNeed(oracle: Watch, grant: GrantFacts): void {
  const { record, lifetimeSeconds } = grant;
  const current = record?.accessToken;
  const bought = current === undefined ? undefined : grant.bought.get(current);
  const { plan } = oracle.world;
  if (
    current === undefined ||
    bought === undefined ||
    grant.rejected.has(current) ||
    plan.asksForLife ||
    !hasGoodClocks(plan)
  )
    return;
  const ageMs = oracle.world.scheduler.nowMs - bought.atMs;
  if (ageMs < lifetimeSeconds * 750 - slackMs)
    oracle.fail(
      "C-04",
      `${grant.name} is renewed ${Math.round(ageMs / 1000)} s after its last renewal, at a lifetime of ${lifetimeSeconds} s`,
    );
}

/**
 * The window has closed, and this process has sent the token before it opened: by no clock but its own it must know.
 */
function knowsWindowIsOver({ world: { scheduler } }: Watch, { grant, presented, process, life }: Flight): boolean {
  const window = windowMs(rulesOf(grant.kind));
  const isOver = scheduler.nowMs - grant.family.rotatedAtMs > window;
  return (
    isOver &&
    (window === 0 ||
      grant.posts.some(
        ({ by, generation, atMs }) =>
          by === `${process.name} ${life}` && generation === presented.generation && scheduler.nowMs - atMs > window,
      ))
  );
}

/** Where it comes too late, a replay ends the access token too: it is for when little is left to lose. */
function checkRush(oracle: Watch, grant: GrantFacts): void {
  const { record, lifetimeSeconds } = grant;
  const current = record?.accessToken;
  if (current === undefined || grant.rejected.has(current) || !hasGoodClocks(oracle.world.plan)) return;
  const { expiresAtMs } = oracle.world.provider.accessTokens.get(current)!;
  const leftMs = expiresAtMs - oracle.world.scheduler.nowMs;
  const marginMs = Math.min(60_000, lifetimeSeconds * 200) + 5000;
  if (leftMs > marginMs && hadTrouble(grant, 0))
    oracle.fail(
      "B3.2",
      `a token that was possibly spent was sent again with ${Math.round(leftMs / 1000)} s of access left to lose`,
    );
}

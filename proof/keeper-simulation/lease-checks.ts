import type { RefreshOutcome } from "@symbolon/client/keeper";
import type { Flight, GrantFacts, Watch } from "./facts.ts";
import type { LeaseFacts } from "./lease-facts.ts";
import { consentOf } from "./provider/family.ts";
import { deadlineMs } from "./provider/rules.ts";
import type { RecordView } from "./subject.ts";
import type { VirtualProcess } from "./virtual-process.ts";

// What each holder of a lease must do, also where another rule prevents the harm in nearly every run.

const takeoverMs = 500;
const suspicionMs = 600_000;
const lifeOf = ({ name, life }: Pick<VirtualProcess, "name" | "life">): string => `${name} ${life}`;

/** The lease under which this process sends, if the store knows it. */
export const leaseOf = (grant: GrantFacts, process: VirtualProcess): LeaseFacts["lease"] =>
  grant.leases.lease?.by === lifeOf(process) ? grant.leases.lease : undefined;

export function checkLeaseAtPost(oracle: Watch, { grant, process, fence }: Flight): void {
  const { lease, outOfTime } = grant.leases;
  const passedMs = oracle.world.scheduler.nowMs - (leaseOf(grant, process)?.atMs ?? 0);
  if (lease?.fence === fence && lease?.tookOver && passedMs < takeoverMs)
    oracle.fail("B6", `${process.name} sends ${Math.round(passedMs)} ms after it took over a refresh of ${grant.name}`);
  if (fence !== undefined && outOfTime === fence)
    oracle.fail("B6", `${process.name} sends again for ${grant.name}, longer than its lease may last`);
}

export function noteOutcome(oracle: Watch, flight: Flight, outcome: RefreshOutcome): void {
  const { grant, process, startedAtMs, fence, beat } = flight;
  const { record, leases } = grant;
  const { plan, scheduler } = oracle.world;
  const isHolder = fence !== undefined && leaseOf(grant, process)?.fence === fence;
  if (outcome.kind === "unknown") leases.unknownSinceMs = Math.max(leases.unknownSinceMs, startedAtMs);
  if (outcome.kind === "refused" && outcome.about === "grant") leases.refusedSinceMs ??= scheduler.nowMs;
  const leaseMs = record?.leaseMs;
  if (!isHolder || leaseMs === undefined || process.stoodStillMs > 0 || plan.clockStepsSeconds.length > 0) return;
  if (scheduler.nowMs - leases.lease!.atMs + deadlineMs >= 3 * leaseMs) {
    oracle.saw("a holder that has no time for another attempt");
    leases.outOfTime = fence;
  }
  const isPrompt = hasPromptStore(oracle);
  if (isPrompt && scheduler.nowMs - startedAtMs > leaseMs / 3 + 1000 && record?.beat === beat)
    oracle.fail("B6", `${process.name} waits for an answer about ${grant.name}, and sends no heartbeat`);
}

const hasPromptStore = ({ world: { plan } }: Watch): boolean =>
  plan.faults.storeSlowMs < 10 &&
  plan.faults.storeFailsBefore + plan.faults.storeFailsAfter + plan.faults.storeAppliesLate === 0 &&
  plan.storePartitions === 0;

export function noteBought({ leases }: GrantFacts, accessToken: string, fence: number | undefined): void {
  if (fence !== undefined) leases.boughtUnder.set(accessToken, fence);
}

/** A user has consented again, and this process knows that its tokens are stored. */
export const noteAdopted = ({ leases }: GrantFacts, process: VirtualProcess, consent: number): void =>
  void leases.adoptedBy.set(lifeOf(process), consent);

/** What memory holds must not outlive a consent that this process has adopted. */
export function checkVolatile(oracle: Watch, process: VirtualProcess, grant: GrantFacts, accessToken: string): void {
  const adopted = grant.leases.adoptedBy.get(lifeOf(process)) ?? 0;
  if (consentOf(oracle.world.provider.accessTokens.get(accessToken)!.generation) < adopted)
    oracle.fail("B5", `${process.name} has adopted a new consent of ${grant.name}, and hands out ${accessToken}`);
}

export function checkLeaseWrite(
  oracle: Watch,
  process: VirtualProcess,
  grant: GrantFacts,
  before: RecordView | undefined,
  after: RecordView,
): void {
  const { leases } = grant;
  const { nowMs } = oracle.world.scheduler;
  if (before !== undefined) {
    checkForgotten(oracle, process, grant, before, after);
    checkOrder(oracle, process, grant, before, after);
    checkSuspicion(oracle, process, grant, before, after);
  }
  if (after.hasIntent && before?.hasIntent !== true) leases.intentSinceMs = nowMs;
  if (after.accessToken !== before?.accessToken) leases.refusedSinceMs = undefined;
  if (after.owner !== undefined && after.fence !== before?.fence)
    leases.lease = { by: lifeOf(process), fence: after.fence, atMs: nowMs, tookOver: before?.hasIntent === true };
}

/** B3.2: until the pair is replaced or refused, what was possibly processed stays so. */
function checkForgotten(
  oracle: Watch,
  { name }: VirtualProcess,
  { name: grant, leases }: GrantFacts,
  before: RecordView,
  after: RecordView,
): void {
  const isForgotten = before.hasIntent && !after.hasIntent && after.state === "active";
  if (isForgotten && after.accessToken === before.accessToken && leases.unknownSinceMs >= leases.intentSinceMs)
    oracle.fail("B3.2", `${name} forgets that the token of ${grant} was possibly spent`);
}

/** B6: of two pairs that one refresh token brought, the later holder's is the latest. B4: no older pair comes back. */
function checkOrder(
  oracle: Watch,
  { name }: VirtualProcess,
  { name: grant, kind, bought, leases }: GrantFacts,
  before: RecordView,
  after: RecordView,
): void {
  const [was, is] = [before.accessToken, after.accessToken];
  if (was === undefined || is === undefined || was === is) return;
  const { accessTokens } = oracle.world.provider;
  const [wasOf, isOf] = [accessTokens.get(was)!.generation, accessTokens.get(is)!.generation];
  if (consentOf(wasOf) !== consentOf(isOf)) return;
  const [wasUnder = 0, isUnder = Infinity] = [leases.boughtUnder.get(was), leases.boughtUnder.get(is)];
  if (kind === "grace" && wasOf === isOf && isUnder < wasUnder)
    oracle.fail("B6", `${name} replaces a pair of ${grant} that was requested under a later lease`);
  if (kind !== "grace" && bought.get(is)!.atMs < bought.get(was)!.atMs)
    oracle.fail("B4", `${name} replaces ${was} by ${is}, which is older`);
}

/** B8: refusals end a grant only if they have lasted, by any clock, for ten minutes. */
function checkSuspicion(
  oracle: Watch,
  { name }: VirtualProcess,
  { name: grant, weRevoke, leases: { refusedSinceMs } }: GrantFacts,
  before: RecordView,
  after: RecordView,
): void {
  if (after.state !== "dead" || before.state === "dead" || before.state === "revoking" || weRevoke) return;
  const lastedMs = oracle.world.scheduler.nowMs - (refusedSinceMs ?? Infinity);
  if (lastedMs < suspicionMs)
    oracle.fail("B8", `${name} declares ${grant} dead ${Math.round(lastedMs / 1000)} s after its first refusal`);
}

import { Sealed } from "@symbolon/protocol";
import { serverNowMs } from "./clock-offsets.ts";
import type { KeeperContext, Revoked } from "./context.ts";
import { factsOf } from "./decide.ts";
import { KeeperError } from "./errors.ts";
import { emitOf } from "./events.ts";
import type { StoredGrant } from "./grants.ts";
import { markDead } from "./judge.ts";
import { Lease } from "./lease.ts";
import { listStatus } from "./list.ts";
import { providerOf } from "./provider.ts";
import { isOver, type GrantRecord } from "./record.ts";
import { backoffMs, keepsChanging, mostPolls, mostRounds, pauseBeforePoll, randomFraction } from "./retry.ts";
import type { GrantStatus } from "./status.ts";
import { storeHeldAnswer } from "./store-tokens.ts";

/** Ends a grant: here at once, then at the provider. Safe to repeat. */
export async function revoke(context: KeeperContext, id: string): Promise<Revoked> {
  const lives = await beginRevoking(context, id);
  return lives ? context.singleFlight.run(id, () => finishRevoking(context, id)) : "revoked";
}

/** Ends every grant that `isMeant`: first each here, then each at the provider. Continues after a failure. */
export async function revokeWhere(
  context: KeeperContext,
  isMeant: (status: GrantStatus) => boolean,
): Promise<Record<Revoked, string[]>> {
  const result: Record<Revoked, string[]> = { revoked: [], pending: [] };
  const meant: string[] = [];
  for await (const status of listStatus(context)) {
    if (!isMeant(status)) continue;
    const lives = await pendingOnFailure(beginRevoking(context, status.id));
    if (lives === "pending") result.pending.push(status.id);
    else if (lives) meant.push(status.id);
  }
  for (const id of meant) result[await pendingOnFailure(revoke(context, id))].push(id);
  return result;
}

const pendingOnFailure = <T>(work: Promise<T>): Promise<T | "pending"> =>
  work.catch((error: unknown) => {
    if (error instanceof KeeperError) return "pending";
    throw error;
  });

/** From here on no token is handed out, even if the provider does not answer (B3.9). False: the grant was dead. */
async function beginRevoking(context: KeeperContext, id: string): Promise<boolean> {
  let lives = true;
  const revoking = await context.grants.update(id, (record) => {
    lives = record.state !== "dead";
    return isOver(record) ? undefined : { ...record, state: "revoking", streak: 0, nextAttempt: undefined };
  });
  if (revoking !== undefined) emitOf(context, revoking, { type: "revoking" });
  return lives;
}

/** Revokes the token at the provider (RFC 7009), once no refresh is under way that could bring another pair. */
export async function finishRevoking(context: KeeperContext, id: string): Promise<Revoked> {
  // A pair that the store has not taken yet is the one to revoke.
  await storeHeldAnswer(context, id);
  for (let round = 0; round < mostRounds; round++) {
    const stored = await waitForLeaseHolder(context, id);
    const { state, version } = stored.record;
    if (state !== "revoking") return state === "dead" ? "revoked" : "pending";
    const provider = providerOf(context, stored.record);
    const pair = await context.grants.pairOrRestore(stored);
    const lease = pair && (await Lease.take(context, stored, provider, {}));
    if (pair === undefined || lease === undefined) continue;
    const token = new Sealed(pair.refresh ?? pair.access);
    const answer = await lease.during(async (signal) =>
      provider.revoke === undefined ? "revoked" : provider.revoke({ token, signal }),
    );
    const atMs = serverNowMs(context, provider.issuer);
    const released = await lease.release((record) => ({
      record: afterRevocation(context, record, answer === "revoked" && record.version === version, atMs),
    }));
    const { record } = await context.grants.read(id);
    // A pair that came meanwhile has to be revoked as well.
    if (released === undefined || record.version !== version) continue;
    if (record.state !== "dead") return "pending";
    emitOf(context, record, { type: "dead", cause: "revoked", evidence: record.evidence });
    return "revoked";
  }
  throw keepsChanging(id);
}

/** Waits until no other process holds the lease of a grant that is being revoked. */
async function waitForLeaseHolder(context: KeeperContext, id: string): Promise<StoredGrant> {
  for (let polls = 0; polls < mostPolls; polls++) {
    const stored = await context.grants.read(id);
    const { record } = stored;
    if (record.state !== "revoking" || !factsOf(context, stored).leased) return stored;
    await pauseBeforePoll(context.world, polls);
  }
  throw keepsChanging(id);
}

function afterRevocation(context: KeeperContext, record: GrantRecord, isConfirmed: boolean, atMs: number): GrantRecord {
  if (record.state !== "revoking") return record;
  if (isConfirmed) return markDead(record, "revoked", atMs);
  const streak = record.streak + 1;
  const waitMs = backoffMs(streak, randomFraction(context.world));
  return { ...record, streak, nextAttempt: { atMs: atMs + waitMs, waitMs } };
}

import { Sealed } from "@symbolon/protocol";
import { storeHeld } from "./answer.ts";
import { backoffMs, bury } from "./judge.ts";
import { about, factsOf, fraction, providerOf, serverNowMs, type Kit } from "./kit.ts";
import { KeeperError } from "./errors.ts";
import { isOver } from "./record.ts";
import { openPair } from "./restore.ts";
import type { GrantStatus } from "./status.ts";
import { conclude, takeLease, underLease, waitForLease } from "./lease.ts";

/**
 * `pending`: nobody gets a token any more, and the provider has not confirmed yet; `revoke` again, or `sweep`, goes on
 * with it.
 */
export type Revoked = "revoked" | "pending";

/**
 * From here on nobody gets a token, whatever the provider says (B3.9). Doing it twice is doing it once. False: the
 * grant was dead.
 */
export async function beginRevoking(kit: Kit, id: string): Promise<boolean> {
  let lives = true;
  const revoking = await kit.grants.update(id, (record) => {
    lives = record.state !== "dead";
    return isOver(record) ? undefined : { ...record, state: "revoking", streak: 0, nextAttempt: undefined };
  });
  if (revoking !== undefined) kit.emit({ type: "revoking", ...about(kit, revoking) });
  return lives;
}

/** Tells the provider (RFC 7009), once no refresh is on its way that could bring another pair. */
export async function finishRevoking(kit: Kit, id: string): Promise<Revoked> {
  // A pair that the store has not taken yet is the one to revoke.
  await storeHeld(kit, id);
  for (let polls = 0; ;) {
    const found = await kit.grants.read(id);
    if (found.record.state !== "revoking") return found.record.state === "dead" ? "revoked" : "pending";
    const provider = providerOf(kit, found.record);
    if (factsOf(kit, found, provider).leased) {
      await waitForLease(kit, polls++);
      continue;
    }
    const pair = await openPair(kit, found);
    const lease = pair && (await takeLease(kit, found, provider, {}));
    if (pair === undefined || lease === undefined) continue;
    const token = new Sealed(pair.refresh ?? pair.access);
    const answer =
      provider.revoke === undefined
        ? "revoked"
        : await underLease(kit, lease, (signal) => provider.revoke!({ token, signal }));
    const atMs = serverNowMs(kit, provider.issuer);
    const isOurs = await conclude(kit, lease, (record) => {
      if (record.state !== "revoking") return record;
      // A pair that came meanwhile has to be revoked as well.
      if (answer === "revoked" && record.version === found.record.version) return bury(record, "revoked", atMs);
      const waitMs = backoffMs(record.streak + 1, fraction(kit.world));
      return { ...record, streak: record.streak + 1, nextAttempt: { atMs: atMs + waitMs, waitMs } };
    });
    const { record } = await kit.grants.read(id);
    if (!isOurs || record.version !== found.record.version) continue;
    if (record.state !== "dead") return "pending";
    kit.emit({ type: "dead", ...about(kit, record), cause: "revoked", evidence: record.evidence });
    return "revoked";
  }
}

/**
 * Of all that `isMeant`, first each here, then each at the provider; what one grant stumbles over ends no other's
 * revocation.
 */
export async function revokeWhere(
  kit: Kit,
  all: AsyncIterable<GrantStatus>,
  isMeant: (status: GrantStatus) => boolean,
  revoke: (id: string) => Promise<Revoked>,
): Promise<Record<Revoked, string[]>> {
  const answer: Record<Revoked, string[]> = { revoked: [], pending: [] };
  const tried = <T>(work: Promise<T>): Promise<T | "pending"> =>
    work.catch((error: unknown) => {
      if (error instanceof KeeperError) return "pending";
      throw error;
    });
  const meant: string[] = [];
  for await (const status of all) {
    if (!isMeant(status)) continue;
    const begun = await tried(beginRevoking(kit, status.id));
    if (begun === "pending") answer.pending.push(status.id);
    else if (begun) meant.push(status.id);
  }
  for (const id of meant) answer[await tried(revoke(id))].push(id);
  return answer;
}

import { Sealed } from "@symbolon/protocol";
import { backoffMs, bury } from "./judge.ts";
import { about, factsOf, fraction, providerOf, serverNowMs, type Kit } from "./kit.ts";
import type { GrantRecord } from "./record.ts";
import { conclude, takeLease, underLease, waitForLease } from "./lease.ts";

/** `pending`: nobody gets a token any more, and the provider has not confirmed yet; `revoke` again, or `sweep`, goes on with it. */
export type Revoked = "revoked" | "pending";

/** From here on nobody gets a token, whatever the provider says (B3.9). Doing it twice is doing it once. */
export async function beginRevoking(kit: Kit, id: string): Promise<"begun" | "over"> {
  for (;;) {
    const found = await kit.grants.read(id);
    const { record } = found;
    if (record.state === "dead") return "over";
    if (record.state === "revoking") return "begun";
    const revoking: GrantRecord = { ...record, state: "revoking", streak: 0, nextAttempt: undefined };
    if ((await kit.grants.change(found, revoking)) === undefined) continue;
    kit.emit({ type: "revoking", ...about(kit, revoking) });
    return "begun";
  }
}

/** Tells the provider (RFC 7009), once no refresh is on its way that could bring another pair. */
export async function finishRevoking(kit: Kit, id: string): Promise<Revoked> {
  for (let polls = 0; ;) {
    const found = await kit.grants.read(id);
    if (found.record.state !== "revoking") return found.record.state === "dead" ? "revoked" : "pending";
    const provider = providerOf(kit, found.record);
    if (factsOf(kit, found, provider).leased) {
      await waitForLease(kit, polls++);
      continue;
    }
    const lease = await takeLease(kit, found, provider, {});
    if (lease === undefined) continue;
    const pair = await kit.grants.pair(lease.found.record);
    const token = new Sealed(pair.refresh ?? pair.access);
    const answer = provider.revoke === undefined ? "revoked" : await underLease(kit, lease, (signal) => provider.revoke!({ token, signal }));
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

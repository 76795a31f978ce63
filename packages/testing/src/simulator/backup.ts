import type { EpochSeconds, GrantId } from "@symbolon/protocol";
import type { Store } from "@symbolon/server";
import { registeredStore } from "./registration.ts";

/** Fingerprints of revoked access tokens, which no operation of a store lists. */
export type RevokedTokens = Map<string, { grant: GrantId; fingerprint: Uint8Array; until: EpochSeconds }>;

/** A copy of a store as it is now; `bring` makes a new store out of it. */
export type Backup = { rows: ReadonlySet<GrantId>; bring(): Promise<Store> };

export async function takeBackup(store: Store, revokedTokens: RevokedTokens): Promise<Backup> {
  const grants = (await store.grants.list({ limit: 1_000_000 })).toReversed();
  const feed = await store.grants.revocations(0, 1_000_000);
  const tokens = [...revokedTokens.values()];
  return {
    rows: new Set(grants.map(({ id }) => id)),
    async bring() {
      const restored = await registeredStore();
      for (const grant of grants) await restored.grants.insert(grant);
      for (const { grant, ...revokedToken } of tokens)
        await restored.grants.change(grant, () => ({ answer: undefined, revokedToken }));
      for (const { position: _position, ...entry } of feed) {
        await restored.grants.change(grants[0]!.id, () => ({ answer: undefined, feed: entry }));
      }
      return restored;
    },
  };
}

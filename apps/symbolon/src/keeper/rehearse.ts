import type { KeeperStore, Vault } from "@symbolon/client/keeper";

const key = "rehearsal";

/**
 * Seals, writes and removes a little, so that what would fail after a consent was spent fails before it is asked for.
 */
export async function rehearseStoring(store: KeeperStore, vault: Vault): Promise<void> {
  const sealed = await vault.seal("", key);
  const revision = await store.write(key, (await store.read(key))?.revision ?? 0, sealed);
  // Without a revision another login wrote at this moment: it can be written.
  if (revision !== undefined) await store.remove(key, revision);
}

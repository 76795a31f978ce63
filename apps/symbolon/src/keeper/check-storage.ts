import type { KeeperStore, Vault } from "@symbolon/client/keeper";

const key = "rehearsal";

/** Seals, writes and removes a test record, so that a broken store fails before the user consents and not after. */
export async function checkStorage(store: KeeperStore, vault: Vault): Promise<void> {
  const sealed = await vault.seal("", key);
  const revision = await store.write(key, (await store.read(key))?.revision ?? 0, sealed);
  // Without a revision, another login wrote the record at this moment, so writing works.
  if (revision !== undefined) await store.remove(key, revision);
}

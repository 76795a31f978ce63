import { openFilesKeeperStore } from "@symbolon/keeper-stores/files";

/** Writes an entry of a new directory, and reads it back. Revision 0 is "not there yet". */
export async function writeOnce(directory: string) {
  const store = await openFilesKeeperStore({ directory });
  const revision = await store.write("greeting", 0, "hello");
  const entry = await store.read("greeting");
  await store.close();
  return { revision, entry };
}

import { openStore, type Kind } from "./stages.ts";

/**
 * A process that counts upwards in one entry, and prints each number once its write is acknowledged. Ends with 7 where
 * the store gives up.
 */
const [kind, where, key, times] = process.argv.slice(2) as [Kind, string, string, string];
process.once("uncaughtException", (error) => process.exit(error.name === "KeeperStoreUnavailable" ? 7 : 1));
const store = await openStore(kind, where);
for (let done = 0; done < Number(times);) {
  const entry = await store.read(key);
  const next = Number(entry?.value.split(":")[0] ?? 0) + 1;
  // Long enough that a torn write would show.
  if ((await store.write(key, entry?.revision ?? 0, `${next}:${"x".repeat(20_000)}`)) === undefined) continue;
  process.stdout.write(`${next}\n`);
  done++;
}
await store.close();

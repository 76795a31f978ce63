import { openStore, type Kind } from "./stages.ts";

/**
 * A process that counts up in one entry and prints each number once its write is acknowledged. Exits with 7 where the
 * store is unavailable.
 */
const [kind, where, key, times] = process.argv.slice(2) as [Kind, string, string, string];
process.once("uncaughtException", (error) => process.exit(error.name === "KeeperStoreUnavailable" ? 7 : 1));
const store = await openStore(kind, where);
for (let done = 0; done < Number(times);) {
  const entry = await store.read(key);
  const next = Number(entry?.value.split(":")[0] ?? 0) + 1;
  // Long enough that an incomplete write is noticed.
  if ((await store.write(key, entry?.revision ?? 0, `${next}:${"x".repeat(20_000)}`)) === undefined) continue;
  process.stdout.write(`${next}\n`);
  done++;
}
await store.close();

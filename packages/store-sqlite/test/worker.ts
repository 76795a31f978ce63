import { writeSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import type { ClientId, GrantId } from "@symbolon/protocol";
import type { Grant } from "@symbolon/server";
import { openSqliteStore } from "@symbolon/store-sqlite";
import { removeRow } from "@symbolon/testing";
import { connect } from "../src/connection.ts";
import { migrate } from "../src/migrate.ts";
import { storeOn } from "../src/store.ts";

/**
 * A second process for the tests: `node worker.ts <task> <database> [arguments]`. What it has been promised it reports
 * on its standard output at once and synchronously, so a kill cannot take back a report.
 */
const [task = "", path = "", ...given] = process.argv.slice(2);
const report = (line: string): void => void writeSync(1, `${line}\n`);
const rotate = (grant: Grant | undefined) => ({
  answer: grant!.generation + 1,
  write: { ...grant!, generation: grant!.generation + 1 },
});

/** Rotates `id` `count` times, some of them concurrently, and reports every acknowledged generation. */
async function hammer(id: string, count: number, atOnce: number): Promise<void> {
  const store = openSqliteStore({ path, create: false });
  let left = count;
  const one = async (): Promise<void> => {
    while (left-- > 0) report(String(await store.grants.change(id as GrantId, rotate)));
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  await store.close();
}

/** Offers each grant at once, or uses the newest that is offered, and reports which it got. */
async function offerGrants(grants: readonly Grant[]): Promise<void> {
  const store = openSqliteStore({ path });
  const offers = grants.map((grant) =>
    store.grants.offer(grant, ([newest]) => (newest === undefined ? { remove: [] } : { use: newest })),
  );
  for (const { id } of await Promise.all(offers)) report(id);
  await store.close();
}

/**
 * Requests the client-credentials grant of the application, offering `id` if there is none, and reports the id of the
 * grant.
 */
async function findOrCreateGrant(template: Grant): Promise<void> {
  const store = openSqliteStore({ path });
  const grant = await store.grants.findOrCreateClientCredentials("app_one" as ClientId, [], () => template);
  report(grant.id);
  await store.close();
}

/** Revokes a grant, then deletes an application, and reports both. */
async function end(id: string, application: string): Promise<void> {
  const store = openSqliteStore({ path, create: false });
  await store.grants.change(id as GrantId, (grant) => ({
    answer: 1,
    write: { ...grant!, state: "revoked", revokedAt: 1, revokedBecause: "revoked_by_operator" },
  }));
  report("revoked");
  await removeRow(store.applications, application as ClientId);
  report("deleted");
  await store.close();
}

/** Commits `count` times, one after the other; `NORMAL` shows how a store without FULL behaves. */
async function commitOneByOne(id: string, count: number, synchronous: string): Promise<void> {
  const connection = connect(path, false, 1000);
  if (synchronous === "NORMAL") connection.database.exec("PRAGMA synchronous = NORMAL");
  const store = storeOn(connection, 1000);
  for (let turn = 0; turn < count; turn++) await store.grants.change(id as GrantId, rotate);
  report(String(store.commits));
  await store.close();
}

/** Migrates until a step calls `midway()`, and waits there until it is killed. */
function stopMidway(steps: string[]): void {
  const database = new DatabaseSync(path);
  database.exec("PRAGMA journal_mode = WAL");
  database.function("midway", () => {
    report("midway");
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    return 0;
  });
  migrate(database, steps);
}

if (task === "hammer") await hammer(given[0]!, Number(given[1]), Number(given[2]));
if (task === "clientCredentials") await findOrCreateGrant(JSON.parse(given[0]!) as Grant);
if (task === "offer") await offerGrants(JSON.parse(given[0]!) as Grant[]);
if (task === "end") await end(given[0]!, given[1]!);
if (task === "commit") await commitOneByOne(given[0]!, Number(given[1]), given[2]!);
if (task === "migrate") stopMidway(JSON.parse(given[0]!) as string[]);

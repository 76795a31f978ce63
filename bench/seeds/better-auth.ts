import { randomBytes, randomUUID } from "node:crypto";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { getMigrations } from "better-auth/db/migration";
import { plainBetterAuth } from "../peers/better-auth-configuration.ts";
import { roomyDatabase, inOneCommit } from "../peers/durable-database.ts";
import { newClients } from "./oidc-provider.ts";
import { daySeconds, scope, writeClients, writeTokens, type Amounts, type Tokens } from "./seed.ts";

const sessionsPerUser = 4;

/** Users, sessions and device codes are made by better-auth's own adapter; the rows of the other sessions are copies of one. */
export async function seedBetterAuth(directory: string, amounts: Amounts): Promise<void> {
  const database = roomyDatabase(join(directory, "better-auth.sqlite"));
  const auth = plainBetterAuth(database);
  await (await getMigrations(auth.options)).runMigrations();
  const tokens = await inOneCommit(database, () => makeTokens(auth, amounts));
  addCopies(database, amounts.grants - amounts.inUse);
  database.close();
  writeClients(directory, newClients());
  writeTokens(directory, tokens);
}

async function makeTokens(auth: ReturnType<typeof plainBetterAuth>, { inUse, codes }: Amounts): Promise<Tokens> {
  const { internalAdapter, adapter } = await auth.$context;
  const made: { inUse: Tokens["inUse"][number][]; codes: Tokens["codes"][number][] } = { inUse: [], codes: [] };
  let userId = "";
  for (let index = 0; index < inUse + codes; index++) {
    if (index % sessionsPerUser === 0) userId = (await internalAdapter.createUser(newPerson(), { method: "admin" })).id;
    if (index < inUse) {
      const { token } = await internalAdapter.createSession(userId);
      made.inUse.push({ access: token, refresh: "", application: 0 });
    } else {
      const code = randomBytes(20).toString("hex");
      const expiresAt = new Date(Date.now() + 2 * daySeconds * 1000);
      const data = { deviceCode: code, userCode: randomBytes(8).toString("hex"), userId, expiresAt, status: "approved", pollingInterval: 5000, clientId: "app", scope };
      await adapter.create({ model: "deviceCode", data });
      made.codes.push({ code, application: 0 });
    }
  }
  return made;
}

const newPerson = () => ({ name: "Person", email: `${randomUUID()}@example.com`, emailVerified: true });

function addCopies(database: DatabaseSync, count: number): void {
  if (count <= 0) return;
  database
    .prepare(`
      WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ?)
      INSERT INTO session (id, token, userId, expiresAt, createdAt, updatedAt, ipAddress, userAgent)
        SELECT hex(randomblob(16)), hex(randomblob(16)), userId, expiresAt, createdAt, updatedAt, ipAddress, userAgent
        FROM number, (SELECT * FROM session LIMIT 1)`)
    .run(count);
}

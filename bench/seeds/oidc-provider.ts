import { randomBytes, randomUUID } from "node:crypto";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import type { Provider } from "oidc-provider";
import { roomyDatabase, inOneCommit } from "../peers/durable-database.ts";
import { plainProvider } from "../peers/oidc-configuration.ts";
import { sqliteAdapter } from "../peers/oidc-sqlite-adapter.ts";
import {
  applicationCount,
  codeChallenge,
  redirectUri,
  scope,
  writeClients,
  writeTokens,
  type Amounts,
  type Clients,
  type Tokens,
} from "./seed.ts";

/**
 * The tokens that are asked about are made by oidc-provider's own models; the rows of the other grants are copies of
 * one of theirs.
 */
export async function seedOidcSqlite(directory: string, amounts: Amounts): Promise<void> {
  const database = roomyDatabase(join(directory, "oidc.sqlite"));
  const clients = newClients();
  const provider = plainProvider(clients, sqliteAdapter(database));
  const tokens = await inOneCommit(database, () => makeTokens(provider, clients, amounts));
  addCopies(database, amounts.grants - amounts.inUse);
  database.close();
  writeClients(directory, clients);
  writeTokens(directory, tokens);
}

export const newClients = (): Clients => ({
  resourceServer: newCredentials("rs"),
  applications: Array.from({ length: applicationCount }, () => newCredentials("app")),
});

const newCredentials = (prefix: string) => ({
  id: `${prefix}_${randomBytes(8).toString("hex")}`,
  secret: randomBytes(32).toString("base64url"),
});

export async function makeTokens(
  provider: Provider,
  { applications }: Clients,
  { inUse, codes }: Amounts,
): Promise<Tokens> {
  const made: { inUse: Tokens["inUse"][number][]; codes: Tokens["codes"][number][] } = { inUse: [], codes: [] };
  const clients = await Promise.all(applications.map(({ id }) => provider.Client.find(id)));
  for (let index = 0; index < inUse + codes; index++) {
    const application = (index * 7) % applications.length;
    const client = clients[application]!;
    const accountId = randomUUID();
    const grant = new provider.Grant({ clientId: client.clientId, accountId });
    grant.addOIDCScope(scope);
    const shared = { client, accountId, grantId: await grant.save(), scope, gty: "authorization_code" };
    if (index < inUse) {
      const [access, refresh] = [
        await new provider.AccessToken(shared).save(),
        await new provider.RefreshToken({ ...shared, rotations: 0 }).save(),
      ];
      made.inUse.push({ access, refresh, application });
    } else {
      const code = await new provider.AuthorizationCode({
        ...shared,
        codeChallenge,
        codeChallengeMethod: "S256",
        redirectUri,
      }).save();
      made.codes.push({ code, application });
    }
  }
  return made;
}

function addCopies(database: DatabaseSync, count: number): void {
  if (count <= 0) return;
  database
    .prepare(`
      WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ?),
        grants AS MATERIALIZED (SELECT hex(randomblob(21)) AS name FROM number),
        one AS MATERIALIZED (SELECT model, payload, grant_id, expires_at FROM payloads WHERE model IN ('AccessToken', 'Grant', 'RefreshToken') GROUP BY model)
      INSERT INTO payloads (model, id, payload, grant_id, expires_at)
        SELECT model, iif(model = 'Grant', name, hex(randomblob(21))), payload, iif(model = 'Grant', NULL, name), expires_at
        FROM grants CROSS JOIN one`)
    .run(count);
}

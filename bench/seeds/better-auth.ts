import { createHash, randomBytes, randomUUID } from "node:crypto";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { getMigrations } from "better-auth/db/migration";
import { grantedScopes, plainBetterAuth } from "../peers/better-auth-configuration.ts";
import { inOneCommit, roomyDatabase } from "../peers/durable-database.ts";
import { newClients } from "./oidc-provider.ts";
import {
  codeChallenge,
  daySeconds,
  redirectUri,
  writeClients,
  writeTokens,
  type Amounts,
  type Clients,
  type Tokens,
} from "./seed.ts";

const grantsPerUser = 4;

type Auth = ReturnType<typeof plainBetterAuth>;
type Holder = { userId: string; sessionId: string };

/**
 * Users and sessions are made by better-auth itself; clients, tokens and codes are rows as its OAuth provider writes
 * them, inserted through its adapter. A grant there is a refresh token and an access token; the grants that are not in
 * use are copies.
 */
export async function seedBetterAuth(directory: string, amounts: Amounts): Promise<void> {
  const database = roomyDatabase(join(directory, "better-auth.sqlite"));
  // This instance is silent: it would report the missing tables as an error before it makes them.
  await (await getMigrations(plainBetterAuth(database, { disabled: true }).options)).runMigrations();
  const auth = plainBetterAuth(database);
  const clients = newClients();
  const tokens = await inOneCommit(database, async () => {
    await addClients(auth, clients);
    return await makeTokens(auth, clients, amounts);
  });
  addCopies(database, amounts.grants - amounts.inUse);
  database.close();
  writeClients(directory, clients);
  writeTokens(directory, tokens);
}

async function addClients(auth: Auth, { applications }: Clients): Promise<void> {
  const { adapter } = await auth.$context;
  for (const { id, secret } of applications) {
    const data = {
      clientId: id,
      clientSecret: storedForm(secret),
      scopes: grantedScopes,
      clientCredentialsScopes: grantedScopes.slice(0, -1),
      redirectUris: [redirectUri],
      grantTypes: ["authorization_code", "refresh_token", "client_credentials"],
      responseTypes: ["code"],
      tokenEndpointAuthMethod: "client_secret_basic",
      requirePKCE: true,
      createdAt: new Date(),
      updatedAt: new Date(),
    };
    await adapter.create({ model: "oauthClient", data });
  }
}

async function makeTokens(auth: Auth, { applications }: Clients, { inUse, codes }: Amounts): Promise<Tokens> {
  const made: { inUse: Tokens["inUse"][number][]; codes: Tokens["codes"][number][] } = { inUse: [], codes: [] };
  let holder = await newHolder(auth);
  for (let index = 0; index < inUse + codes; index++) {
    if (index % grantsPerUser === 0) holder = await newHolder(auth);
    const application = (index * 7) % applications.length;
    const clientId = applications[application]!.id;
    if (index < inUse) made.inUse.push({ ...(await addGrant(auth, clientId, holder)), application });
    else made.codes.push({ code: await addCode(auth, clientId, holder), application });
  }
  return made;
}

async function newHolder(auth: Auth): Promise<Holder> {
  const { internalAdapter } = await auth.$context;
  const person = { name: "Person", email: `${randomUUID()}@example.com`, emailVerified: true };
  const { id: userId } = await internalAdapter.createUser(person, { method: "admin" });
  return { userId, sessionId: (await internalAdapter.createSession(userId)).id };
}

async function addGrant(auth: Auth, clientId: string, holder: Holder): Promise<{ access: string; refresh: string }> {
  const { adapter } = await auth.$context;
  const [access, refresh] = [newToken(), newToken()];
  const shared = { clientId, ...holder, scopes: grantedScopes, createdAt: new Date(), expiresAt: inDays(2) };
  const { id: refreshId } = await adapter.create({
    model: "oauthRefreshToken",
    data: { ...shared, token: storedForm(refresh), authTime: new Date() },
  });
  await adapter.create({ model: "oauthAccessToken", data: { ...shared, token: storedForm(access), refreshId } });
  return { access, refresh };
}

async function addCode(auth: Auth, clientId: string, holder: Holder): Promise<string> {
  const { internalAdapter } = await auth.$context;
  const code = newToken();
  const query = {
    response_type: "code",
    client_id: clientId,
    redirect_uri: redirectUri,
    scope: grantedScopes.join(" "),
    code_challenge: codeChallenge,
    code_challenge_method: "S256",
  };
  const value = JSON.stringify({ type: "authorization_code", query, ...holder, authTime: Date.now() });
  await internalAdapter.createVerificationValue({ identifier: storedForm(code), value, expiresAt: inDays(2) });
  return code;
}

const newToken = (): string => randomBytes(24).toString("base64url");

/** How the provider stores tokens, codes and, if it is told to hash them, client secrets. */
const storedForm = (secret: string): string => createHash("sha256").update(secret).digest("base64url");

const inDays = (days: number): Date => new Date(Date.now() + days * daySeconds * 1000);

function addCopies(database: DatabaseSync, count: number): void {
  if (count <= 0) return;
  for (const table of ["oauthRefreshToken", "oauthAccessToken"]) {
    const columns = database
      .prepare(`SELECT name FROM pragma_table_info('${table}')`)
      .all()
      .map(({ name }) => `"${String(name)}"`);
    const values = columns.map((name) => (name === '"id"' || name === '"token"' ? "hex(randomblob(16))" : name));
    database
      .prepare(`
        WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ?)
        INSERT INTO ${table} (${columns.join(", ")}) SELECT ${values.join(", ")} FROM number, (SELECT * FROM ${table} LIMIT 1)`)
      .run(count);
  }
}

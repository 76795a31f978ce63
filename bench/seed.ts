import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { AccountId, ClientId, ResourceName } from "@symbolon/protocol";
import { hmacKeyring, newAccountId, newGrantId, type Grant, type Keyring, type KeyringData, type Store } from "@symbolon/server";
import { openSqliteStore } from "@symbolon/store-sqlite";
import { systemClock, systemRandom } from "./servers/world.ts";

export type Credentials = { id: string; secret: string };

/** What the servers and the load generator have to know of the same database. */
export type Seed = {
  keyring: KeyringData;
  resourceServer: Credentials;
  applications: readonly Credentials[];
  /** The tokens of some of the grants, evenly spread; `application` is an index. */
  grants: readonly { access: string; refresh: string; application: number }[];
};

const applicationCount = 16;
const grantsPerAccount = 4;
const grantsPerCommit = 500;
const maximumSample = 20_000;
const scope = ["companies:read", "employees:read", "payrolls:read"];
const daySeconds = 86_400;
const now = Math.floor(systemClock.epochMs() / 1000);

/**
 * Fills `directory` with a database of so many live grants, written through the store, and says in `seed.json` what is in
 * it. Each grant is in use: its first generation is out and was delivered.
 */
export async function writeSeed(directory: string, grantCount: number): Promise<void> {
  const keyringData: KeyringData = {
    format: 1,
    keys: [{ id: 1, secret: randomBytes(32).toString("base64url"), createdAt: now, activeFrom: now - 60 }],
    pepper: randomBytes(32).toString("base64url"),
  };
  const keyring = hmacKeyring(() => keyringData);
  const store = openSqliteStore({ path: join(directory, "symbolon.db") });
  const resourceServer = newCredentials("rs_");
  const applications = Array.from({ length: applicationCount }, () => newCredentials("app_"));
  await addClients(store, keyring, resourceServer, applications);
  const grants = await addGrants(store, keyring, applications, grantCount);
  await store.close();
  const seed: Seed = { keyring: keyringData, resourceServer, applications, grants };
  writeFileSync(join(directory, "seed.json"), JSON.stringify(seed), { mode: 0o600 });
}

const newCredentials = (prefix: string): Credentials => ({
  id: prefix + randomBytes(12).toString("hex"),
  secret: `sym_cs_${randomBytes(32).toString("base64url")}`,
});

async function addClients(store: Store, keyring: Keyring, resourceServer: Credentials, applications: readonly Credentials[]): Promise<void> {
  const slots = (secret: string) => [{ digest: keyring.digest("client_secret", secret), createdAt: now }];
  const { id, secret } = resourceServer;
  await store.resourceServers.insert({ id: id as ClientId, name: "Bench API", secrets: slots(secret), resource: null, createdAt: now });
  for (const { id, secret } of applications) {
    await store.applications.insert({
      id: id as ClientId,
      name: "Bench application",
      type: "confidential",
      authMethod: "client_secret_basic",
      secrets: slots(secret),
      redirectUris: ["https://app.example/callback"],
      scope,
      replay: { preset: "lazy" },
      accessTokenLifetimes: [7200],
      createdAt: now,
      suspendedAt: null,
    });
  }
}

async function addGrants(store: Store, keyring: Keyring, applications: readonly Credentials[], count: number): Promise<Seed["grants"]> {
  const every = Math.ceil(count / maximumSample);
  const sample: { access: string; refresh: string; application: number }[] = [];
  let owner = newAccountId(systemClock, systemRandom);
  for (let start = 0; start < count; start += grantsPerCommit) {
    const group: Promise<unknown>[] = [];
    for (let index = start; index < Math.min(start + grantsPerCommit, count); index++) {
      if (index % grantsPerAccount === 0) {
        owner = newAccountId(systemClock, systemRandom);
        group.push(addAccount(store, owner, index));
      }
      const application = (index * 7) % applications.length;
      const grant = liveGrant(applications[application]!.id as ClientId, owner);
      group.push(store.grants.insert(grant));
      if (index % every === 0) sample.push({ ...tokensOf(grant, keyring), application });
    }
    await Promise.all(group);
  }
  return sample;
}

const addAccount = (store: Store, id: AccountId, index: number): Promise<boolean> =>
  store.accounts.insert({ id, email: `person${index}@example.com`, passwordHash: "", resources: [], createdAt: now, suspendedAt: null });

function tokensOf({ id: grantId }: Grant, keyring: Keyring): { access: string; refresh: string } {
  return {
    access: keyring.mint("access", { grantId, generation: 1, issuedAt: now, variant: 0 }, now),
    refresh: keyring.mint("refresh", { grantId, generation: 1, issuedAt: 0, variant: 0 }, now),
  };
}

const liveGrant = (application: ClientId, owner: AccountId): Grant => ({
  id: newGrantId(systemClock, systemRandom),
  application,
  owner,
  resource: `Company/${owner}` as ResourceName,
  scope,
  audiences: [],
  variants: [{ scope: null, audiences: null, lifetimeSeconds: 7200 }],
  state: "active",
  generation: 1,
  generationIssuedAt: now,
  confirmedAt: now,
  replays: 0,
  intent: null,
  challenge: randomBytes(32).toString("base64url"),
  offer: null,
  expiresAt: now + 180 * daySeconds,
  idleExpiresAt: now + 30 * daySeconds,
  revokedAt: null,
  revokedBecause: null,
  hasRevokedTokens: false,
  version: 0,
});

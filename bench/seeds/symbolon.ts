import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Sealed, grantIdFromBytes, type AccountId, type ClientId, type ResourceName } from "@symbolon/protocol";
import {
  hmacKeyring,
  newAccountId,
  newGrantId,
  secretSlot,
  type Grant,
  type Keyring,
  type KeyringData,
  type Store,
} from "@symbolon/server";
import { openSqliteStore } from "@symbolon/store-sqlite";
import { systemClock, systemRandom } from "../servers/world.ts";
import {
  applicationCount,
  codeChallenge,
  daySeconds,
  redirectUri,
  scope,
  writeClients,
  writeTokens,
  type Amounts,
  type Credentials,
  type Tokens,
} from "./seed.ts";
import { multiplyGrants } from "./symbolon-copies.ts";

const grantsPerAccount = 4;
const grantsPerCommit = 500;
const now = Math.floor(systemClock.epochMs() / 1000);

/** The ring that the servers of the bench read, in the form of the command's. */
export type BenchKeyring = KeyringData & { nextId: number };

/**
 * Fills `directory` with a database of so many live grants. Each is in use: its first generation is out and was
 * delivered. One of each application is written through the store, and so are the offered ones, one for each code; the
 * others are copies of those sixteen, under ids and owners of their own.
 */
export async function seedSymbolon(directory: string, amounts: Amounts): Promise<void> {
  const keyringData: BenchKeyring = {
    format: 1,
    nextId: 2,
    keys: [{ id: 1, secret: randomBytes(32).toString("base64url"), createdAt: now, activeFrom: now - 60 }],
    pepper: randomBytes(32).toString("base64url"),
  };
  const keyring = hmacKeyring(() => keyringData);
  const path = join(directory, "symbolon.sqlite");
  const store = openSqliteStore({ path });
  const resourceServer = newCredentials("rs_");
  const applications = Array.from({ length: applicationCount }, () => newCredentials("app_"));
  await addClients(store, keyring, resourceServer, applications);
  await addInGroups(store, applications.length, (owner, index) =>
    liveGrant(applications[index]!.id as ClientId, owner),
  );
  await store.close();
  const ids = multiplyGrants(path, amounts);
  const reopened = openSqliteStore({ path, create: false });
  const inUse = await tokensOfAll(ids, reopened, keyring, applications);
  const codes = await addOffers(reopened, keyring, applications, amounts.codes);
  await reopened.close();
  writeFileSync(join(directory, "keyring.json"), JSON.stringify(keyringData), { mode: 0o600 });
  writeClients(directory, { resourceServer, applications });
  writeTokens(directory, { inUse, codes });
}

/** Ids of the form that the command makes. */
const newCredentials = (prefix: string): Credentials => ({
  id: prefix + randomBytes(8).toString("hex"),
  secret: `sym_cs_${randomBytes(32).toString("base64url")}`,
});

async function addClients(
  store: Store,
  keyring: Keyring,
  resourceServer: Credentials,
  applications: readonly Credentials[],
): Promise<void> {
  const slots = ({ id, secret }: Credentials) => [secretSlot(keyring, id as ClientId, new Sealed(secret), now)];
  await store.resourceServers.insert({
    id: resourceServer.id as ClientId,
    name: "Bench API",
    secrets: slots(resourceServer),
    resource: null,
    createdAt: now,
    version: 0,
  });
  for (const application of applications) {
    await store.applications.insert({
      id: application.id as ClientId,
      name: "Bench application",
      type: "confidential",
      authMethod: "client_secret_basic",
      secrets: slots(application),
      redirectUris: [redirectUri],
      scope: scope.split(" "),
      replay: { preset: "lazy" },
      accessTokenLifetimes: [lifetimeSeconds],
      createdAt: now,
      suspendedAt: null,
      version: 0,
    });
  }
}

async function addOffers(
  store: Store,
  keyring: Keyring,
  applications: readonly Credentials[],
  count: number,
): Promise<Tokens["codes"]> {
  const codes: Tokens["codes"][number][] = [];
  await addInGroups(store, count, (owner, index) => {
    const application = (index * 7) % applications.length;
    const grant = offeredGrant(applications[application]!.id as ClientId, owner);
    codes.push({
      code: keyring.mint("code", { grantId: grant.id, generation: 0, issuedAt: now, variant: 0 }, now).reveal(),
      application,
    });
    return grant;
  });
  return codes;
}

async function addInGroups(
  store: Store,
  count: number,
  make: (owner: AccountId, index: number) => Grant,
): Promise<void> {
  let owner = newAccountId(systemClock, systemRandom);
  for (let start = 0; start < count; start += grantsPerCommit) {
    const group: Promise<unknown>[] = [];
    for (let index = start; index < Math.min(start + grantsPerCommit, count); index++) {
      if (index % grantsPerAccount === 0) {
        owner = newAccountId(systemClock, systemRandom);
        group.push(addAccount(store, owner));
      }
      group.push(store.grants.insert(make(owner, index)));
    }
    await Promise.all(group);
  }
}

const addAccount = (store: Store, id: AccountId): Promise<boolean> =>
  store.accounts.insert({
    id,
    email: `${id.slice(-12)}${id.slice(0, 8)}@example.com`,
    passwordHash: "",
    resources: [],
    createdAt: now,
    suspendedAt: null,
    version: 0,
  });

/** Longer than a kept seed is used, so that no token of it has expired. */
const lifetimeSeconds = 2 * daySeconds;

/** Reads the copies back through the store, which checks that it accepts them. */
async function tokensOfAll(
  ids: readonly Uint8Array[],
  store: Store,
  keyring: Keyring,
  applications: readonly Credentials[],
): Promise<Tokens["inUse"]> {
  const places = new Map(applications.map(({ id }, index) => [id, index]));
  const inUse: Tokens["inUse"][number][] = [];
  for (const bytes of ids) {
    const id = grantIdFromBytes(bytes);
    const grant = await store.grants.find(id);
    if (grant === undefined) throw new Error("a copied grant is not found");
    inUse.push({
      access: keyring.mint("access", { grantId: id, generation: 1, issuedAt: now, variant: 0 }, now).reveal(),
      refresh: keyring.mint("refresh", { grantId: id, generation: 1, issuedAt: 0, variant: 0 }, now).reveal(),
      application: places.get(grant.application)!,
    });
  }
  return inUse;
}

const liveGrant = (application: ClientId, owner: AccountId): Grant => ({
  id: newGrantId(systemClock, systemRandom),
  application,
  owner,
  resource: `Company/${owner}` as ResourceName,
  scope: scope.split(" "),
  audiences: [],
  variants: [{ scope: null, audiences: null, lifetimeSeconds }],
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

const offeredGrant = (application: ClientId, owner: AccountId): Grant => ({
  ...liveGrant(application, owner),
  state: "offered",
  generation: 0,
  confirmedAt: null,
  challenge: codeChallenge,
  offer: { redirectUri, expiresAt: now + lifetimeSeconds, failures: 0 },
});

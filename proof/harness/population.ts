import { createHash, randomBytes } from "node:crypto";
import { defaultLifetimes, newGrantId, type Grant } from "@symbolon/server";
import type { AccountId, EpochSeconds } from "@symbolon/protocol";
import type { SqliteStore } from "@symbolon/store-sqlite";
import type { Tokens } from "./client.ts";
import type { DataDirectory } from "./data-directory.ts";
import { scopes, type Credentials } from "./registration.ts";

export const redirectUri = "https://app.example/cb";

/** One verifier for all grants, so that ten thousand grants do not cost ten thousand hashes. */
export const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const challenge = createHash("sha256").update(verifier).digest("base64url");

const clock = { epochMs: () => Date.now(), monotonicMs: () => performance.now() };
const random = (length: number) => new Uint8Array(randomBytes(length));
export const nowSeconds = (): EpochSeconds => Math.floor(Date.now() / 1000);

/** The row that a user's consent inserts (server/src/authorize/allow.ts), redeemable for `codeLifetimeSeconds`. */
export function offeredGrant(
  client: Credentials,
  owner: AccountId,
  now: EpochSeconds,
  codeLifetimeSeconds: number,
): Grant {
  return {
    id: newGrantId(clock, random),
    application: client.id,
    owner,
    resource: null,
    scope: scopes,
    audiences: [],
    variants: [{ scope: null, audiences: null, lifetimeSeconds: defaultLifetimes.access }],
    state: "offered",
    generation: 0,
    generationIssuedAt: now,
    confirmedAt: null,
    replays: 0,
    intent: null,
    challenge,
    offer: { redirectUri, expiresAt: now + codeLifetimeSeconds, failures: 0 },
    expiresAt: now + defaultLifetimes.grantAbsolute,
    idleExpiresAt: now + defaultLifetimes.grantIdle,
    revokedAt: null,
    revokedBecause: null,
    hasRevokedTokens: false,
    version: 0,
  };
}

/** Inserts `count` offered grants and returns their codes. */
export async function offerCodes(
  data: DataDirectory,
  store: SqliteStore,
  client: Credentials,
  owner: AccountId,
  count: number,
  lifetimeSeconds = 3600,
): Promise<string[]> {
  const now = nowSeconds();
  const grants = Array.from({ length: count }, () => offeredGrant(client, owner, now, lifetimeSeconds));
  await Promise.all(grants.map((grant) => store.grants.insert(grant)));
  return grants.map(({ id }) =>
    data.keyring.mint("code", { grantId: id, generation: 0, issuedAt: now, variant: 0 }, now).reveal(),
  );
}

/** Inserts `count` redeemed grants and returns the first tokens of each. */
export async function activateGrants(
  data: DataDirectory,
  store: SqliteStore,
  client: Credentials,
  owner: AccountId,
  count: number,
): Promise<Tokens[]> {
  const now = nowSeconds();
  const grants = Array.from({ length: count }, (): Grant => ({
    ...offeredGrant(client, owner, now, 0),
    state: "active",
    generation: 1,
    offer: null,
  }));
  await Promise.all(grants.map((grant) => store.grants.insert(grant)));
  return grants.map(({ id }) => ({
    access_token: data.keyring.mint("access", { grantId: id, generation: 1, issuedAt: now, variant: 0 }, now).reveal(),
    refresh_token: data.keyring.mint("refresh", { grantId: id, generation: 1, issuedAt: 0, variant: 0 }, now).reveal(),
    expires_in: defaultLifetimes.access,
  }));
}

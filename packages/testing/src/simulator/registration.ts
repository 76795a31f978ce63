import { createHash } from "node:crypto";
import { Sealed, type ClientId, type EpochSeconds } from "@symbolon/protocol";
import {
  defaultLifetimes,
  hmacKeyring,
  memoryStore,
  secretSlot,
  type Account,
  type Keyring,
  type KeyringData,
  type ServerConfig,
  type Store,
} from "@symbolon/server";
import { exampleAccount, exampleApplication, exampleResourceServer } from "../examples.ts";
import { audience, replayPolicies } from "./plan.ts";
import type { Preset } from "./token-family-model.ts";

/** The start of virtual time. */
export const startsAt: EpochSeconds = 1_800_000_000;
/** When the second key comes into force. */
export const secondKeyFrom: EpochSeconds = startsAt + 60;

export const accessSeconds = 60;
export const codeSeconds = 60;
export const idleSeconds = 1800;
export const absoluteSeconds = 3 * 3600;

export const config: ServerConfig = {
  issuer: "https://as.example",
  hosts: [],
  scopes: {},
  lifetimes: {
    ...defaultLifetimes,
    code: codeSeconds,
    access: accessSeconds,
    grantIdle: idleSeconds,
    grantAbsolute: absoluteSeconds,
  },
  tokenRequestsPerMinute: 1_000_000,
};

const key = (id: number, activeFrom: EpochSeconds) => ({
  id,
  secret: Buffer.alloc(32, id).toString("base64url"),
  createdAt: 0,
  activeFrom,
});
const pepper = Buffer.alloc(32, 255).toString("base64url");
export const keyringData: KeyringData = { format: 1, keys: [key(1, 0)], pepper };
const twoKeys: KeyringData = { format: 1, keys: [key(1, 0), key(2, secondKeyFrom)], pepper };

const ringOfOne = hmacKeyring(() => keyringData);
/** Reads the tokens of both keyrings. */
export const keyring = hmacKeyring(() => twoKeys);
export const keyringOf = (rotates: boolean): Keyring => (rotates ? keyring : ringOfOne);

export const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
export const wrongVerifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXX";
export const challenge = createHash("sha256").update(verifier).digest("base64url");
export const redirectUri = "https://app.example/cb";

export const secret = "sym_cs_for-simulations-only";
const slotsOf = (id: ClientId) => [secretSlot(keyring, id, new Sealed(secret), 0)];
export const basic = (id: string, password = secret): string =>
  `Basic ${Buffer.from(`${id}:${password}`).toString("base64")}`;

export const account: Account = exampleAccount();
export const consentScope = ["read", "write"];

/**
 * One application for each preset, one without a client in the simulation, one for client credentials, and two resource
 * servers.
 */
export const applicationOf = (preset: Preset): ClientId => `app_${preset}` as ClientId;
export const otherApplication = "app_other" as ClientId;
export const machineApplication = "app_machine" as ClientId;

const applications = [
  ...Object.entries(replayPolicies),
  [otherApplication, replayPolicies.lazy],
  [machineApplication, replayPolicies.lazy],
] as const;

/** A store with the registrations and without grants. */
export async function registeredStore(): Promise<Store> {
  const store = memoryStore();
  for (const [name, replay] of applications) {
    const id = (name.startsWith("app_") ? name : `app_${name}`) as ClientId;
    await store.applications.insert(
      exampleApplication({
        id,
        authMethod: "client_secret_basic",
        secrets: slotsOf(id),
        redirectUris: [redirectUri],
        scope: consentScope,
        replay,
        accessTokenLifetimes: [accessSeconds],
      }),
    );
  }
  await store.resourceServers.insert(
    exampleResourceServer({ id: "rs_api" as ClientId, secrets: slotsOf("rs_api" as ClientId), resource: audience }),
  );
  await store.resourceServers.insert(
    exampleResourceServer({ id: "rs_any" as ClientId, secrets: slotsOf("rs_any" as ClientId), resource: null }),
  );
  await store.accounts.insert(account);
  return store;
}

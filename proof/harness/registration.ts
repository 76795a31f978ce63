import { randomBytes } from "node:crypto";
import { parseToken, Sealed, type AccountId, type ClientId, type ResourceName } from "@symbolon/protocol";
import { argon2Hasher, secretSlot, type Application, type Grant } from "@symbolon/server";
import type { DataDirectory } from "./data-directory.ts";

/** The credentials of an application. `secret` is the empty string for a public one. */
export type Credentials = { id: ClientId; secret: string };

export const password = "correct horse battery staple";

/** Inserts an application, by default a confidential one that may request every scope and resource. */
export async function addApplication(data: DataDirectory, overrides: Partial<Application> = {}): Promise<Credentials> {
  const id = `app_${randomBytes(8).toString("hex")}` as ClientId;
  const isPublic = overrides.type === "public";
  const secret = isPublic ? "" : newSecret();
  const application: Application = {
    id,
    name: "Payroll Planner",
    type: "confidential",
    authMethod: isPublic ? "none" : "client_secret_basic",
    secrets: isPublic ? [] : [secretSlot(data.keyring, id, new Sealed(secret), 0)],
    redirectUris: ["https://app.example/cb"],
    scope: scopes,
    replay: { preset: "lazy" },
    accessTokenLifetimes: [],
    createdAt: 0,
    suspendedAt: null,
    version: 0,
    ...overrides,
  };
  await data.withStore((store) => store.applications.insert(application));
  return { id, secret };
}

export const scopes: readonly string[] = ["employees:read", "payroll:read"];

/** Inserts a resource server that may introspect; `resource` is its RFC 8707 identifier. */
export async function addResourceServer(data: DataDirectory, resource: string | null = null): Promise<Credentials> {
  const id = `rs_${randomBytes(8).toString("hex")}` as ClientId;
  const secret = newSecret();
  await data.withStore((store) =>
    store.resourceServers.insert({
      id,
      name: "Payroll API",
      secrets: [secretSlot(data.keyring, id, new Sealed(secret), 0)],
      resource,
      createdAt: 0,
      version: 0,
    }),
  );
  return { id, secret };
}

/**
 * Inserts a user with `password`, hashed as the real server hashes it. `resources` are names such as
 * `Company/acme`, or names with labels.
 */
export async function addAccount(
  data: DataDirectory,
  email: string,
  resources: readonly (string | { name: string; label: string })[] = [],
): Promise<AccountId> {
  const id = crypto.randomUUID() as string as AccountId;
  const passwordHash = await argon2Hasher((length) => new Uint8Array(randomBytes(length)), data.keyring).hash(
    id,
    new Sealed(password),
  );
  const owned = resources
    .map((one) => (typeof one === "string" ? { name: one, label: one.slice(one.indexOf("/") + 1) } : one))
    .map(({ name, label }) => ({ name: name as ResourceName, label }));
  await data.withStore((store) =>
    store.accounts.insert({ id, email, passwordHash, resources: owned, createdAt: 0, suspendedAt: null, version: 0 }),
  );
  return id;
}

/** The grant that a token points to, as it stands in the database at this moment. */
export async function grantOf(data: DataDirectory, token: string): Promise<Grant> {
  const { grantId } = parseToken(token)!.pointer;
  const grant = await data.withStore(async (store) => store.grants.find(grantId));
  if (grant === undefined) throw new Error("The grant of this token is not in the database.");
  return grant;
}

export const generationOf = (token: string): number => parseToken(token)!.pointer.generation;

const newSecret = (): string => `sym_cs_${randomBytes(32).toString("base64url")}`;

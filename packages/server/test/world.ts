import { createHash, randomBytes } from "node:crypto";
import {
  buildServer,
  defaultLifetimes,
  gcraLimiter,
  hmacKeyring,
  memoryStore,
  newAccountId,
  secretSlot,
  standardLimits,
  type Account,
  type Application,
  type Deps,
  type Keyring,
  type PasswordHasher,
  type ReplayPolicy,
  type ServerConfig,
  type ServerEvent,
  type Store,
} from "../src/index.ts";
import { Sealed, type ClientId, type ResourceName } from "@symbolon/protocol";
import type { Health } from "../src/http/health.ts";
import { plainPages } from "./plain-pages.ts";

/** A server in this process, with a clock that tests move, and a record of every event. */
export type World = Awaited<ReturnType<typeof makeWorld>>;

export const issuer = "http://localhost:8787";
export const redirectUri = "https://app.example/cb";
export const secret = "sym_cs_test-secret-test-secret-test-secret-tes";
export const password = "correct horse battery";

/** Instead of argon2, which has its own tests: a hundred sign-ins would take ten seconds. */
const plainHasher: PasswordHasher = {
  hash: async (_account, text) => `plain:${text.reveal()}`,
  verify: async (account, text) => account?.passwordHash === `plain:${text.reveal()}`,
};

export async function makeWorld(
  options: { store?: Store; config?: Partial<ServerConfig>; startAt?: number; keyring?: Keyring; health?: Health } = {},
) {
  let nowMs = (options.startAt ?? 1_795_000_000) * 1000;
  let ranMs = 0;
  const clock = { epochMs: () => nowMs, monotonicMs: () => ranMs };
  const random = (length: number) => new Uint8Array(randomBytes(length));
  const events: ServerEvent[] = [];
  const logged: (ServerEvent & { requestId: string | undefined })[] = [];
  const data = {
    format: 1 as const,
    keys: [{ id: 1, secret: randomBytes(32).toString("base64url"), createdAt: 0, activeFrom: 0 }],
    pepper: randomBytes(32).toString("base64url"),
  };
  const keyring = options.keyring ?? hmacKeyring(() => data);
  const store = options.store ?? memoryStore();
  const config: ServerConfig = {
    issuer,
    hosts: [],
    scopes: { read: { title: "Read your things" }, write: { title: "Change your things" } },
    lifetimes: defaultLifetimes,
    tokenRequestsPerMinute: 1_000_000,
    ...options.config,
  };
  const deps: Deps = {
    config,
    store,
    keyring,
    clock,
    random,
    passwords: plainHasher,
    limiter: gcraLimiter(standardLimits(config.tokenRequestsPerMinute), clock),
    emit: (event, requestId) => {
      events.push(event);
      logged.push({ ...event, requestId });
    },
  };
  const app = buildServer(deps, plainPages, options.health);

  const slots = (id: string) => [secretSlot(keyring, id as ClientId, new Sealed(secret), 0)];
  const addApplication = async (id: string, overrides: Partial<Application> = {}): Promise<ClientId> => {
    await store.applications.insert({
      id: id as ClientId,
      name: "Payroll Sync",
      type: "confidential",
      authMethod: "client_secret_basic",
      secrets: slots(id),
      redirectUris: [redirectUri],
      scope: ["read", "write"],
      replay: { preset: "lazy" } satisfies ReplayPolicy,
      accessTokenLifetimes: [],
      createdAt: 0,
      suspendedAt: null,
      version: 0,
      ...overrides,
    });
    return id as ClientId;
  };
  const addAccount = async (
    email: string,
    resources: string[] = [],
    overrides: Partial<Account> = {},
  ): Promise<Account> => {
    const account: Account = {
      id: newAccountId(clock, random),
      email,
      passwordHash: `plain:${password}`,
      resources: resources.map((name) => ({ name: name as ResourceName, label: `The ${name}` })),
      createdAt: 0,
      suspendedAt: null,
      version: 0,
      ...overrides,
    };
    await store.accounts.insert(account);
    return account;
  };
  const addResourceServer = (id: string, resource: string | null = null) =>
    store.resourceServers.insert({
      id: id as ClientId,
      name: id,
      secrets: slots(id),
      resource,
      createdAt: 0,
      version: 0,
    });

  return {
    app,
    deps,
    store,
    keyring,
    events,
    /** The same events with the ids of their requests. */
    logged,
    addApplication,
    addAccount,
    addResourceServer,
    now: () => Math.floor(nowMs / 1000),
    /** Advances both clocks; a negative value moves the wall clock only. */
    advance(seconds: number) {
      nowMs += seconds * 1000;
      ranMs += Math.max(0, seconds) * 1000;
    },
    eventNames: () => events.map(({ name }) => name),
  };
}

export const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
export const challenge = createHash("sha256").update(verifier).digest("base64url");
export const basic = (id: string, text = secret): string => `Basic ${Buffer.from(`${id}:${text}`).toString("base64")}`;

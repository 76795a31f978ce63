import type { AccountId, ClientId, EpochSeconds, GrantId } from "@symbolon/protocol";
import type { Account, Application, Grant, ResourceServer, Session } from "@symbolon/server";

/** Complete rows for tests; a test states only the members that it is about. */
export const exampleNow: EpochSeconds = 1_800_000_000;

const uuid = (group: string, number: number): string =>
  `019a0000-0000-7000-${group}-${number.toString(16).padStart(12, "0")}`;

/** A greater number is a younger grant. */
export const exampleGrantId = (number: number): GrantId => uuid("8000", number) as GrantId;
export const exampleAccountId = (number: number): AccountId => uuid("9000", number) as AccountId;
export const exampleDigest = (number: number): Uint8Array => new Uint8Array(32).fill(number);

export const exampleGrant = (given: Partial<Grant> = {}): Grant => ({
  id: exampleGrantId(1),
  application: "app_one" as ClientId,
  owner: exampleAccountId(1),
  resource: null,
  scope: ["payrolls:read", "employees:read"],
  audiences: [],
  variants: [{ scope: null, audiences: null, lifetimeSeconds: 600 }],
  state: "active",
  generation: 1,
  generationIssuedAt: exampleNow,
  confirmedAt: null,
  replays: 0,
  intent: null,
  challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
  offer: null,
  expiresAt: exampleNow + 180 * 86_400,
  idleExpiresAt: exampleNow + 30 * 86_400,
  revokedAt: null,
  revokedBecause: null,
  hasRevokedTokens: false,
  version: 1,
  ...given,
});

/** A client-credentials grant: it has no account and no token family. */
export const exampleClientCredentialsGrant = (given: Partial<Grant> = {}): Grant =>
  exampleGrant({ owner: null, generation: 0, challenge: null, ...given });

export const exampleApplication = (given: Partial<Application> = {}): Application => ({
  id: "app_one" as ClientId,
  name: "Payroll Reports",
  type: "confidential",
  authMethod: null,
  secrets: [{ digest: exampleDigest(1), createdAt: exampleNow }],
  redirectUris: ["https://good.example/cb"],
  scope: ["payrolls:read"],
  replay: { preset: "lazy" },
  accessTokenLifetimes: [600],
  createdAt: exampleNow,
  suspendedAt: null,
  version: 0,
  ...given,
});

export const exampleResourceServer = (given: Partial<ResourceServer> = {}): ResourceServer => ({
  id: "rs_one" as ClientId,
  name: "Payroll API",
  secrets: [{ digest: exampleDigest(2), createdAt: exampleNow }],
  resource: "https://api.good.example",
  createdAt: exampleNow,
  version: 0,
  ...given,
});

export const exampleAccount = (given: Partial<Account> = {}): Account => ({
  id: exampleAccountId(1),
  email: "ada@good.example",
  passwordHash: "$argon2id$v=19$m=47104,t=1,p=1$c2FsdHNhbHQ$aGFzaGhhc2g",
  resources: [],
  createdAt: exampleNow,
  suspendedAt: null,
  version: 0,
  ...given,
});

export const exampleSession = (given: Partial<Session> = {}): Session => ({
  digest: exampleDigest(3),
  owner: exampleAccountId(1),
  authenticatedAt: exampleNow,
  idleExpiresAt: exampleNow + 12 * 3600,
  expiresAt: exampleNow + 14 * 86_400,
  person: null,
  ...given,
});

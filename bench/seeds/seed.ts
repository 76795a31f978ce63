import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export type Credentials = { id: string; secret: string };

/** The clients. The servers read this part. */
export type Clients = { resourceServer: Credentials; applications: readonly Credentials[] };

/** The tokens and codes. Only the load generator reads this part; `application` is an index. */
export type Tokens = {
  inUse: readonly { access: string; refresh: string; application: number }[];
  codes: readonly { code: string; application: number }[];
};

export type Seed = Clients & Tokens;

/** `inUse` of the grants, evenly spread, are asked about; `codes` wait to be redeemed, on top of the grants. */
export type Amounts = { grants: number; inUse: number; codes: number };

export const applicationCount = 16;
export const scope = "companies:read employees:read payrolls:read";
export const redirectUri = "https://app.example/callback";
export const daySeconds = 86_400;

/** Of every code: what it is bound to. */
export const codeVerifier = "bench-verifier-0123456789-0123456789-0123456789";
export const codeChallenge = createHash("sha256").update(codeVerifier).digest("base64url");

/** Every `step`th of them is asked about. */
export const stepOf = ({ grants, inUse }: Amounts): number => Math.max(1, Math.floor(grants / inUse));

export const writeClients = (directory: string, clients: Clients): void =>
  writeJson(directory, "clients.json", clients);
export const writeTokens = (directory: string, tokens: Tokens): void => writeJson(directory, "tokens.json", tokens);

export const readClients = (directory: string): Clients => readJson(directory, "clients.json") as Clients;
export const readSeed = (directory: string): Seed => ({
  ...readClients(directory),
  ...(readJson(directory, "tokens.json") as Tokens),
});

const writeJson = (directory: string, name: string, value: object): void =>
  writeFileSync(join(directory, name), JSON.stringify(value), { mode: 0o600 });

const readJson = (directory: string, name: string): unknown => JSON.parse(readFileSync(join(directory, name), "utf8"));

import { createHash, timingSafeEqual } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import type {
  AuthorizationCode,
  AuthorizationCodeModel,
  Client,
  ClientCredentialsModel,
  RefreshTokenModel,
  Token,
} from "@node-oauth/oauth2-server";
import { redirectUri, scope, type Clients } from "../seeds/seed.ts";

type TokenRow = {
  access: string;
  access_expires_at: number;
  refresh: string | null;
  refresh_expires_at: number | null;
  client: string;
  account: string;
  scope: string;
};
type CodeRow = {
  code: string;
  expires_at: number;
  challenge: string;
  redirect_uri: string;
  client: string;
  account: string;
  scope: string;
};

/**
 * The model that @node-oauth/oauth2-server asks for, on SQLite with prepared statements. Each call is a commit: the
 * library revokes the old token and saves the new one in two calls. Clients are in memory, with the digest of their
 * secret.
 */
export function sqliteModel(
  database: DatabaseSync,
  { applications }: Clients,
): AuthorizationCodeModel & RefreshTokenModel & ClientCredentialsModel {
  database.exec(oauth2Schema);
  const sql = {
    byAccess: database.prepare("SELECT * FROM tokens WHERE access = ?"),
    byRefresh: database.prepare("SELECT * FROM tokens WHERE refresh = ?"),
    save: database.prepare(
      "INSERT INTO tokens (access, access_expires_at, refresh, refresh_expires_at, client, account, scope) VALUES (?, ?, ?, ?, ?, ?, ?)",
    ),
    revoke: database.prepare("DELETE FROM tokens WHERE refresh = ?"),
    code: database.prepare("SELECT * FROM codes WHERE code = ?"),
    spend: database.prepare("DELETE FROM codes WHERE code = ?"),
  };
  const grants = ["authorization_code", "refresh_token", "client_credentials"];
  const clients = new Map(
    applications.map(({ id, secret }) => [
      id,
      { client: { id, grants, redirectUris: [redirectUri] } as Client, digest: digestOf(secret) },
    ]),
  );
  const clientOf = (id: string): Client => clients.get(id)!.client;
  const tokenOf = (row: TokenRow | undefined): Token | undefined =>
    row && {
      accessToken: row.access,
      accessTokenExpiresAt: new Date(row.access_expires_at),
      ...(row.refresh === null
        ? {}
        : { refreshToken: row.refresh, refreshTokenExpiresAt: new Date(row.refresh_expires_at!) }),
      scope: row.scope.split(" "),
      client: clientOf(row.client),
      user: { id: row.account },
    };

  return {
    async getClient(id, secret) {
      const found = clients.get(id);
      return found !== undefined && timingSafeEqual(found.digest, digestOf(secret)) && found.client;
    },
    getUserFromClient: async ({ id }) => ({ id }),
    validateScope: async (_user, _client, asked) => asked ?? scope.split(" "),
    getAccessToken: async (access) => tokenOf(sql.byAccess.get(access) as TokenRow | undefined),
    getRefreshToken: async (refresh) =>
      tokenOf(sql.byRefresh.get(refresh) as TokenRow | undefined) as (Token & { refreshToken: string }) | undefined,
    revokeToken: async ({ refreshToken }) => sql.revoke.run(refreshToken).changes === 1,
    async saveToken(token, client, user) {
      const { accessToken, accessTokenExpiresAt, refreshToken = null, refreshTokenExpiresAt } = token;
      const names = (token.scope ?? []).join(" ");
      sql.save.run(
        accessToken,
        Number(accessTokenExpiresAt),
        refreshToken,
        refreshTokenExpiresAt === undefined ? null : Number(refreshTokenExpiresAt),
        client.id,
        String(user["id"]),
        names,
      );
      return { ...token, client, user };
    },
    async getAuthorizationCode(code) {
      const row = sql.code.get(code) as CodeRow | undefined;
      return row && codeOf(row, clientOf(row.client));
    },
    saveAuthorizationCode: () => Promise.reject(new Error("codes are made at seeding time")),
    revokeAuthorizationCode: async ({ authorizationCode }) => sql.spend.run(authorizationCode).changes === 1,
  };
}

const codeOf = (row: CodeRow, client: Client): AuthorizationCode => ({
  authorizationCode: row.code,
  expiresAt: new Date(row.expires_at),
  redirectUri: row.redirect_uri,
  scope: row.scope.split(" "),
  client,
  user: { id: row.account },
  codeChallenge: row.challenge,
  codeChallengeMethod: "S256",
});

const digestOf = (secret: string): Buffer => createHash("sha256").update(secret).digest();

export const oauth2Schema = `
  CREATE TABLE IF NOT EXISTS tokens (
    access TEXT NOT NULL PRIMARY KEY, access_expires_at INTEGER NOT NULL, refresh TEXT UNIQUE, refresh_expires_at INTEGER,
    client TEXT NOT NULL, account TEXT NOT NULL, scope TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS codes (
    code TEXT NOT NULL PRIMARY KEY, expires_at INTEGER NOT NULL, challenge TEXT NOT NULL, redirect_uri TEXT NOT NULL,
    client TEXT NOT NULL, account TEXT NOT NULL, scope TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;`;

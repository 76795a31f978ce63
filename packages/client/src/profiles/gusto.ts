import type { Profile } from "../profile.ts";
import type { GustoScope } from "./gusto-scopes.ts";
import { gustoScopes } from "./gusto-scopes.ts";

/**
 * Gusto, demo by default. The former refresh token dies when the new access token is first used: keep the new pair
 * before you call with it. Production is `baseUrl: gustoServers.prod`.
 */
export const gusto: Profile<GustoScope> = {
  name: "gusto",
  bases: { api: "https://api.gusto-demo.com" },
  endpoints: { authorization: "{api}/oauth/authorize", token: "{api}/oauth/token", tokenInfo: "{api}/v1/token_info" },
  authentication: "client_secret_json",
  scopes: gustoScopes,
  rotation: { kind: "lazy" },
  quirks: { tokenType: "bearer", expiresInSeconds: 7200 },
  checkedOn: "2026-11-25",
};

/** Where Gusto is, for trying and in earnest. */
export const gustoServers = { demo: "https://api.gusto-demo.com", prod: "https://api.gusto.com" } as const;

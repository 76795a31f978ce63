import type { Profile } from "../profile.ts";
import type { GustoScope } from "./gusto-scopes.ts";
import { gustoScopes } from "./gusto-scopes.ts";

/**
 * Gusto's demo environment; for production set `baseUrl: gustoServers.prod`. The old refresh token becomes invalid when
 * the new access token is first used, so store the new tokens before you use them.
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

/** Base URLs of Gusto's demo and production environments. */
export const gustoServers = { demo: "https://api.gusto-demo.com", prod: "https://api.gusto.com" } as const;

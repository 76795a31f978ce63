import type { Profile } from "../profile.ts";

/**
 * A Symbolon server; `baseUrl` is its issuer. Applications have the preset `lazy` by default; for `window` or `strict`
 * the keeper needs no other profile, since the intent key makes every preset replayable.
 */
export const symbolon: Profile = {
  name: "symbolon",
  issuer: "{api}",
  bases: {},
  endpoints: {
    authorization: "{api}/oauth/authorize",
    token: "{api}/oauth/token",
    introspection: "{api}/oauth/introspect",
    revocation: "{api}/oauth/revoke",
    tokenInfo: "{api}/oauth/token_info",
  },
  authentication: "client_secret_basic",
  scopes: [],
  rotation: { kind: "lazy" },
  quirks: { answersWithIssuer: true, readsIntent: true },
  checkedOn: "2026-11-25",
};

import type { Profile } from "../profile.ts";

/**
 * Any provider that follows the RFCs: set `endpoints` and `issuer`, or let `discover` read them. `rotation` is
 * `strict`: a spent refresh token is taken to end the grant, so it is never presented twice.
 */
export const generic: Profile = {
  name: "generic",
  bases: {},
  endpoints: {},
  authentication: "client_secret_basic",
  scopes: [],
  rotation: { kind: "strict" },
  quirks: {},
  checkedOn: "2026-11-25",
};

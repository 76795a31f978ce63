import type { Profile } from "../profile.ts";

/**
 * Any provider that keeps to the RFCs: name its `endpoints` and `issuer`, or let `discover` read them. Unlisted, so a
 * spent refresh token counts as the end of its grant until shown otherwise.
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

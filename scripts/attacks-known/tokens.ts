import type { Attack } from "./attack.ts";

/** Client authentication (CA), tokens (TK), introspection (IN) and revocation (RV). */
export const tokenAttacks: readonly Attack[] = [
  {
    id: "CA-01",
    outcome: "A request that authenticates its client in two ways is rejected, unless both carry the same credentials.",
  },
  { id: "CA-02", outcome: "A request with two different client ids is rejected." },
  {
    id: "CA-03",
    outcome: "A request with a secret or token in its URL is rejected unread, and the value is not logged.",
  },
  {
    id: "CA-04",
    outcome:
      "An application that is registered with an authentication method can use only that one; a public one has no secret.",
  },
  {
    id: "CA-05",
    outcome: "A confidential application must present its secret at every endpoint and for every grant type.",
  },
  { id: "CA-06", outcome: "Malformed Basic credentials are rejected, not repaired." },
  { id: "CA-07", outcome: "Client assertions of every algorithm are rejected.", absent: "client assertions" },
  { id: "CA-08", outcome: "A client assertion is rejected with every audience.", absent: "client assertions" },
  {
    id: "CA-09",
    outcome: "A client assertion is rejected the first time too, so no jti has to be remembered.",
    absent: "client assertions",
  },
  { id: "CA-10", outcome: "A client assertion is rejected with every expiry.", absent: "client assertions" },
  { id: "CA-11", outcome: "Client keys are never registered, fetched or cached.", absent: "client keys" },
  { id: "CA-12", outcome: "A wrong secret and an unknown client get the same response." },
  {
    id: "CA-13",
    outcome: "While a secret is rotated, both the old and the new one work; a removed secret fails at once.",
  },
  { id: "CA-14", outcome: "Failed client authentication is a 401 that does not reveal whether the client exists." },

  { id: "TK-01", outcome: "A second valid use of a code is rejected and revokes every token of the first use." },
  { id: "TK-02", outcome: "A replayed code without the right client and verifier revokes nothing." },
  { id: "TK-03", outcome: "Of any number of simultaneous redemptions of one code, one succeeds." },
  { id: "TK-04", outcome: "A request that fails for another reason leaves the code usable." },
  { id: "TK-05", outcome: "A code or token of one application is rejected for another, and stays usable for its own." },
  { id: "TK-06", outcome: "The redirect URI of the redemption must be that of the authorization request." },
  { id: "TK-07", outcome: "Codes, access tokens and refresh tokens are never accepted in place of one another." },
  { id: "TK-08", outcome: "A token has exactly one valid spelling." },
  { id: "TK-09", outcome: "A refresh may narrow the scope of its access token but not widen it." },
  { id: "TK-10", outcome: "A spent refresh token that is presented after its successor was used revokes the grant." },
  {
    id: "TK-11",
    outcome: "A replay that the policy allows returns the same successor; every other replay counts as theft.",
  },
  { id: "TK-12", outcome: "Simultaneous refreshes create exactly one successor, so one token family." },
  {
    id: "TK-13",
    outcome:
      "Once a revocation is acknowledged, no token of the grant is active, for every way to revoke it and even if a refresh ran at the same time.",
  },
  { id: "TK-14", outcome: "A revoked grant stays revoked after a restart and after the clock was set back." },
  { id: "TK-15", outcome: "Idle and absolute lifetimes are both enforced, and no access token outlives its grant." },
  { id: "TK-16", outcome: "Unknown grant types, and those that the application may not use, are rejected." },
  { id: "TK-17", outcome: "Client credentials return no refresh token, and their subject is never a user." },
  { id: "TK-18", outcome: "Tokens cannot be exchanged for other tokens.", absent: "token exchange" },
  {
    id: "TK-19",
    outcome: "Token responses must not be stored; a page of another origin reads them only without cookies.",
  },
  { id: "TK-20", outcome: "A resource server rejects a token that was issued for another." },

  { id: "IN-01", outcome: "Only authenticated resource servers and applications may introspect." },
  { id: "IN-02", outcome: "A resource server learns nothing about tokens for other resource servers." },
  { id: "IN-03", outcome: "An application learns only about its own tokens." },
  { id: "IN-04", outcome: "Every inactive token gets a response of the same bytes." },
  {
    id: "IN-05",
    outcome: "Forged tokens are rejected before any row is read; a caller that tries many is slowed down and logged.",
  },
  { id: "IN-06", outcome: "A wrong token_type_hint changes nothing." },
  { id: "IN-07", outcome: "A refresh token is never accepted as an access token." },
  { id: "IN-08", outcome: "An empty, very long or hostile token is rejected at the cost of reading it." },
  { id: "IN-09", outcome: "Each cause of revocation makes a token inactive by itself." },
  { id: "IN-10", outcome: "A token in the URL is ignored, and introspection responses must not be stored." },
  {
    id: "IN-11",
    outcome: "Introspection responses are plain JSON, never a signed token that could be presented.",
    absent: "signed introspection answers",
  },

  {
    id: "RV-01",
    outcome: "An application revokes its own tokens; revoking a refresh token revokes its access tokens.",
  },
  { id: "RV-02", outcome: "A token of another application stays active." },
  { id: "RV-03", outcome: "A public application revokes its own tokens with its client id only." },
  { id: "RV-04", outcome: "Revoking an unknown token succeeds; a storage failure is always an error." },
  { id: "RV-05", outcome: "A request without valid client authentication revokes nothing." },
  { id: "RV-06", outcome: "A grant with any number of tokens is revoked by one write." },
  {
    id: "RV-07",
    outcome:
      "Users have no page that lists their grants yet; the operator lists them and revokes one or all, and the tokens are inactive at once.",
    absent: "the page of connected applications",
  },
];

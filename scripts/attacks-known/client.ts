import type { Attack } from "./attack.ts";

/** The client and its loopback listener (MX). */
export const clientAttacks: readonly Attack[] = [
  {
    id: "MX-01",
    outcome:
      "The client rejects a response whose issuer is wrong, or missing although the metadata promises it; it sends no token request and does not show the error text.",
  },
  { id: "MX-02", outcome: "The client accepts metadata only if its issuer equals the requested issuer exactly." },
  {
    id: "MX-03",
    outcome:
      "A code of one provider cannot be sent to another: the sealed transaction opens only for its own issuer and application.",
  },
  {
    id: "MX-04",
    outcome:
      "The client rejects a state that is missing, wrong, used, old, or of another tab or user, and spends it before it requests tokens.",
  },
  { id: "MX-05", outcome: "A misconfigured check in the client fails closed." },
  { id: "MX-06", outcome: "The client follows no redirect, so its credentials and tokens are not sent elsewhere." },
  {
    id: "MX-07",
    outcome:
      "The client accepts only https endpoints, or http on the same machine, follows metadata to no internal host but the issuer's own, and never opens a browser through a shell.",
  },
  {
    id: "MX-08",
    outcome: "For every response of a provider, the client returns a value or throws a typed error, in bounded memory.",
  },
  {
    id: "MX-09",
    outcome:
      "Errors of the client, their causes and its debug log contain no token, code, verifier or secret, in any encoding.",
  },
  {
    id: "MX-10",
    outcome:
      "The client's loopback listener binds to 127.0.0.1 only, answers one path once under its own Host, and closes after five minutes.",
  },
];

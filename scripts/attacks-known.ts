import { authorizationAttacks } from "./attacks-known/authorization.ts";
import { clientAttacks } from "./attacks-known/client.ts";
import { managementAttacks } from "./attacks-known/management.ts";
import { pageAttacks } from "./attacks-known/pages.ts";
import { serverAttacks } from "./attacks-known/server.ts";
import { signInAttacks } from "./attacks-known/sign-in.ts";
import { tokenAttacks } from "./attacks-known/tokens.ts";
import type { Attack, UnbuiltGroup } from "./attacks-known/attack.ts";

/** The attacks of the project's catalogue, by id, with the outcome that tests prove. */
export const knownAttacks: readonly Attack[] = [
  ...authorizationAttacks,
  ...pageAttacks,
  ...tokenAttacks,
  ...serverAttacks,
  ...managementAttacks,
  ...signInAttacks,
  ...clientAttacks,
];

/** Groups of the catalogue whose package does not exist yet. */
export const unbuiltGroups: readonly UnbuiltGroup[] = [
  { group: "RG", awaits: "the guard package: caching and the revocation feed" },
  {
    group: "SS",
    awaits:
      "registration over HTTP and client metadata documents, the first things that would make the server fetch an address",
  },
  { group: "JW", awaits: "JWT access tokens and assertions" },
  { group: "DP", awaits: "DPoP" },
  { group: "DV", awaits: "the device flow" },
];

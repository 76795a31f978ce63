import type { AccountId, ClientId, GrantId, Scope } from "@symbolon/protocol";
import type { Grant } from "../src/grants/grant.ts";

export const scopeOfWords = (...words: string[]): Scope => words as readonly string[] as Scope;

/** An active grant of generation 5, issued at 1000, not confirmed, with access tokens of 600 seconds. */
export const makeGrant = (changes: Partial<Grant> = {}): Grant => ({
  id: "019a3c5e-7f00-7abc-8def-0123456789ab" as GrantId,
  application: "app" as ClientId,
  owner: "019a3c5e-7f00-7abc-8def-0123456789ac" as AccountId,
  resource: null,
  scope: scopeOfWords("read", "write"),
  audiences: [],
  variants: [{ scope: null, audiences: null, lifetimeSeconds: 600 }],
  state: "active",
  generation: 5,
  generationIssuedAt: 1000,
  confirmedAt: null,
  replays: 0,
  intent: null,
  challenge: "challenge",
  offer: null,
  expiresAt: 1_000_000,
  idleExpiresAt: 500_000,
  revokedAt: null,
  revokedBecause: null,
  hasRevokedTokens: false,
  version: 3,
  ...changes,
});

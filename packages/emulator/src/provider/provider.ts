import type { EpochSeconds } from "@symbolon/protocol";
import type { Profile } from "../profile.ts";
import type { Seed } from "../seed.ts";
import type { Application, Person } from "./application.ts";
import type { Code } from "./code.ts";
import type { Grant, Pair } from "./grant.ts";

/** One emulated provider: its profile and its state. Every operation is a function of this and a request. */
export type Provider = {
  profile: Profile;
  seed: Seed;
  /** The base URL and issuer, base path included, without a trailing slash. */
  url: string;
  /** The emulator's clock, which `control.advance` moves. */
  epochMs(): number;
  applications: Map<string, Application>;
  people: Person[];
  grants: Map<string, Grant>;
  codes: Map<string, Code>;
  accessTokens: Map<string, IssuedPair>;
  /** By refresh token: the pair that it was issued with. */
  refreshTokens: Map<string, IssuedPair>;
  /** The times of the latest requests, by quota key. */
  quotas: Map<string, EpochSeconds[]>;
  /** By refresh token: how many requests have arrived and are not processed yet, because a fault delays them. */
  waiting: Map<string, number>;
  /** Whether the consent page is shown, or Allow or Deny is answered at once. */
  consent: "ask" | "allow" | "deny";
};

export type IssuedPair = { grant: Grant; pair: Pair };

export const nowOf = (provider: Provider): EpochSeconds => Math.floor(provider.epochMs() / 1000);

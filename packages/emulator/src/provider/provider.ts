import type { EpochSeconds } from "@symbolon/protocol";
import type { Profile } from "../profile.ts";
import type { Seed } from "../seed.ts";
import type { Application, Person } from "./application.ts";
import type { Code } from "./code.ts";
import type { Grant, Pair } from "./grant.ts";

/**
 * One emulated provider: its rules and all that it knows. Every operation is a plain function of this and a request.
 */
export type Provider = {
  profile: Profile;
  seed: Seed;
  /** The address that it is reached at, base path included, without a slash at the end; what it calls its issuer. */
  url: string;
  /** The emulator's clock: whoever holds the control can move it. */
  epochMs(): number;
  applications: Map<string, Application>;
  people: Person[];
  grants: Map<string, Grant>;
  codes: Map<string, Code>;
  accessTokens: Map<string, Held>;
  /** By refresh token: the pair that brought it into being. */
  refreshTokens: Map<string, Held>;
  /** When the latest requests came, by whomever they are counted for. */
  quotas: Map<string, EpochSeconds[]>;
  /** How many requests have arrived with a refresh token and are not processed yet, because a fault holds them. */
  waiting: Map<string, number>;
  /** What the page does that asks a person: show itself, or answer at once. */
  consent: "ask" | "allow" | "deny";
};

export type Held = { grant: Grant; pair: Pair };

export const nowOf = (provider: Provider): EpochSeconds => Math.floor(provider.epochMs() / 1000);

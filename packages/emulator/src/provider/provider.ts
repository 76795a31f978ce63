import type { EpochSeconds } from "@symbolon/protocol";
import type { Seed } from "../seed.ts";
import type { EmulatorRequest, EmulatorResponse } from "../wire/message.ts";
import type { Application, Person } from "./application.ts";
import type { Assumption } from "./assumption.ts";
import type { Code, Grant, Pair } from "./grant.ts";
import type { Rotation } from "./rotation.ts";

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

/** A provider as data: its dialect, its rotation and its lifetimes. Times in seconds. */
export type Profile = {
  /** As in `profile` of the options. */
  name: string;
  /** One line for help and pages. */
  description: string;
  /** Routes and formats. */
  dialect: Dialect;
  /** What happens to a spent refresh token. */
  rotation: Rotation;
  /** Lifetime of an access token. */
  accessLifetimeSeconds: number;
  /** Lifetime of an authorization code. */
  codeLifetimeSeconds: number;
  /** Lifetime of a refresh token from its issue. null: it does not expire. */
  refreshLifetimeSeconds: number | null;
  /** Whether a code that is redeemed twice ends its grant. */
  codeReplayEndsGrant: boolean;
};

/** A provider's wire format: its routes, the shapes of its tokens and its answers. */
export type Dialect = {
  /** Names it for help and pages. */
  name: string;
  /** Its endpoints. */
  routes: readonly Route[];
  /** How its ids and tokens look. */
  shapes: Shapes;
  /** The known scopes. */
  scopes: readonly string[];
  /** The people who can consent. */
  people(seed: Seed): Person[];
  /** The success body of the token endpoint. `keptRefreshToken`: the refresh token is the one that was presented. */
  tokenBody(
    held: IssuedPair,
    provider: Provider,
    about: { keptRefreshToken: boolean; request: EmulatorRequest },
  ): object;
  /** What is assumed about this provider, by id. */
  assumptions: Readonly<Record<string, Assumption>>;
  /** An error answer in the provider's format. `code` selects the error code. */
  faultAnswer(status: number, code?: string): EmulatorResponse;
  /** Adds what every answer of the provider carries. */
  finish?(answer: EmulatorResponse, request: EmulatorRequest, provider: Provider): EmulatorResponse;
  /** Parameters and fragment that the provider appends to the redirect with a code. */
  afterCode(provider: Provider): { parameters: Readonly<Record<string, string>>; fragment: string };
  /** The answer of an unknown route. */
  notFound(request: EmulatorRequest, provider: Provider): EmulatorResponse;
};

/** A route. `operation` names it for faults and the log; a token request is also named by its grant type. */
export type Route = {
  /** The HTTP method. */
  method: string;
  /** Below the base path. */
  path: string | RegExp;
  /** Names it for faults and the log. */
  operation: string;
  /** Answers one request. */
  answer(request: EmulatorRequest, provider: Provider): EmulatorResponse;
};

export type Shapes = {
  clientId(seed: Seed, label: string): string;
  clientSecret(seed: Seed, label: string): string;
  code(seed: Seed, label: string): string;
  accessToken(request: AccessTokenInput): string;
  refreshToken(seed: Seed, label: string): string;
};

export type AccessTokenInput = {
  seed: Seed;
  label: string;
  grant: Grant;
  issuedAt: EpochSeconds;
  expiresAt: EpochSeconds;
  provider: Provider;
};

import type { EpochSeconds } from "@symbolon/protocol";
import type { Assumption } from "./provider/assumption.ts";
import type { Application, Person } from "./provider/application.ts";
import type { Grant, Pair } from "./provider/grant.ts";
import type { IssuedPair, Provider } from "./provider/provider.ts";
import type { Rotation } from "./provider/rotation.ts";
import type { Seed } from "./seed.ts";
import type { EmulatorResponse, EmulatorRequest } from "./wire/message.ts";

/** A provider as data: its dialect, its rotation and its lifetimes. Times in seconds. */
export type Profile = {
  name: string;
  /** One line for help and pages. */
  description: string;
  dialect: Dialect;
  rotation: Rotation;
  accessLifetimeSeconds: number;
  codeLifetimeSeconds: number;
  /** Lifetime of a refresh token from its issue. null: it does not expire. */
  refreshLifetimeSeconds: number | null;
  codeReplayEndsGrant: boolean;
};

/** A provider's wire format: its routes, the shapes of its tokens and its answers. */
export type Dialect = {
  name: string;
  routes: readonly Route[];
  shapes: Shapes;
  /** The known scopes. */
  scopes: readonly string[];
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
  notFound(request: EmulatorRequest, provider: Provider): EmulatorResponse;
};

/** A route. `operation` names it for faults and the log; a token request is also named by its grant type. */
export type Route = {
  method: string;
  path: string | RegExp;
  operation: string;
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

export type { Application, Grant, Pair, Person };

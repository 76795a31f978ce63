import type { EpochSeconds } from "@symbolon/protocol";
import type { Assumption } from "./provider/assumption.ts";
import type { Application, Person } from "./provider/application.ts";
import type { Grant, Pair } from "./provider/grant.ts";
import type { Held, Provider } from "./provider/provider.ts";
import type { Rotation } from "./provider/rotation.ts";
import type { Seed } from "./seed.ts";
import type { Answer, Ask } from "./wire/message.ts";

/** A provider as data: which wire it speaks, how its tokens turn, how long they live. Times in seconds. */
export type Profile = {
  name: string;
  /** One line for people who choose. */
  says: string;
  dialect: Dialect;
  rotation: Rotation;
  accessLifetimeSeconds: number;
  codeLifetimeSeconds: number;
  /** From the moment a refresh token came into being; null: for ever. */
  refreshLifetimeSeconds: number | null;
  codeReplayEndsGrant: boolean;
};

/** A wire: the routes, the looks of what is handed out, and the words of the provider. */
export type Dialect = {
  name: string;
  routes: readonly Route[];
  shapes: Shapes;
  /** What can be asked for, as far as it is known. */
  scopes: readonly string[];
  people(seed: Seed): Person[];
  /** The success body of the token endpoint. `keptRefreshToken`: it is the one that was presented. */
  tokenBody(held: Held, provider: Provider, about: { keptRefreshToken: boolean; ask: Ask }): object;
  /** What stands behind the code in the address that a person is sent back to. */
  /** What of this wire is a guess, by id. */
  assumptions: Readonly<Record<string, Assumption>>;
  /** A failure of this status in the provider's own words; `code` picks its error code. */
  faultAnswer(status: number, code?: string): Answer;
  /** What every answer of the provider carries. */
  finish?(answer: Answer, ask: Ask, provider: Provider): Answer;
  afterCode(provider: Provider): { parameters: Readonly<Record<string, string>>; fragment: string };
  notFound(ask: Ask, provider: Provider): Answer;
};

/** `operation` names the route for faults and for the log; one of the token endpoint is named after its grant type. */
export type Route = {
  method: string;
  path: string | RegExp;
  operation: string;
  answer(ask: Ask, provider: Provider): Answer;
};

export type Shapes = {
  clientId(seed: Seed, label: string): string;
  clientSecret(seed: Seed, label: string): string;
  code(seed: Seed, label: string): string;
  accessToken(ask: AccessTokenAsk): string;
  refreshToken(seed: Seed, label: string): string;
};

export type AccessTokenAsk = {
  seed: Seed;
  label: string;
  grant: Grant;
  issuedAt: EpochSeconds;
  expiresAt: EpochSeconds;
  provider: Provider;
};

export type { Application, Grant, Pair, Person };

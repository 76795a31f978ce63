import { afterAll, beforeAll } from "vitest";
import { startProvider, type ScriptedProvider } from "./provider.ts";
import { makeWorld } from "./world.ts";
import type { Application } from "../src/application.ts";
import { generic } from "../src/profiles/generic.ts";
import type { Retries } from "../src/http/retries.ts";

export let provider: ScriptedProvider;

/** Starts a provider before the tests of the calling file, and stops it after them. */
export function useProvider(): void {
  beforeAll(async () => void (provider = await startProvider()));
  afterAll(async () => await provider.stop());
}

export const app = (more: Partial<Application> = {}, at = provider.url): Application => ({
  profile: generic,
  clientId: "cid",
  clientSecret: "sec",
  accessToken: "AT",
  endpoints: { tokenInfo: `${at}/info`, token: `${at}/token` },
  ...more,
});
export const info = { scope: "a" };
export const tokens = { access_token: "AT", token_type: "Bearer" };
export const backoff: Retries = {
  strategy: "backoff",
  backoff: { initialInterval: 1, maxInterval: 50, exponent: 1.1, maxElapsedTime: 100 },
};
/** A world in which waiting takes no time has no use for a timeout. */
export const inWorld = (more: Partial<Application> = {}) => {
  const world = makeWorld();
  return { world, app: app({ world, timeoutMs: 0, ...more }) };
};

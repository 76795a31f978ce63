import { afterAll, beforeAll } from "vitest";
import { startProvider, type ScriptedProvider } from "./provider.ts";
import { createFitbit } from "../src/fitbit/fitbit.ts";

export let provider: ScriptedProvider;

/** Starts a provider before the tests of the calling file, and stops it after them. */
export function useProvider(): void {
  beforeAll(async () => void (provider = await startProvider()));
  afterAll(async () => await provider.stop());
}

export const credentials = { clientId: "22ABCD", clientSecret: "a%2Bb:c" };
export const fitbitAt = (more: Parameters<typeof createFitbit>[0] = {}) =>
  createFitbit({ baseUrl: provider.url, ...credentials, accessToken: "AT-mine", ...more });
export const basic = `Basic ${btoa("22ABCD:a%2Bb:c")}`;
export const tokens = {
  access_token: "AT",
  expires_in: 28_800,
  refresh_token: "RT2",
  scope: "activity profile",
  token_type: "Bearer",
  user_id: "7XYZ12",
};
export const live = {
  active: true,
  scope: "{ACTIVITY=READ, HEARTRATE=READ_WRITE, SLEEP=READ}",
  client_id: "22ABCD",
  user_id: "7XYZ12",
  token_type: "access_token",
  exp: 1_795_346_400_000,
  iat: 1_795_317_600_000,
};
export const sent = () => provider.received[0]!;

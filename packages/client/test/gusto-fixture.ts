import { afterAll, beforeAll, expect } from "vitest";
import { startProvider, type ScriptedProvider } from "./provider.ts";
import type { ClientError } from "../src/errors/client-error.ts";
import { createGusto } from "../src/gusto/gusto.ts";

export let provider: ScriptedProvider;

/** Starts a provider before the tests of the calling file, and stops it after them. */
export function useProvider(): void {
  beforeAll(async () => void (provider = await startProvider()));
  afterAll(async () => await provider.stop());
}

export const gustoAt = (more: Parameters<typeof createGusto>[0] = {}) =>
  createGusto({ baseUrl: provider.url, companyAccessAuth: "AT-example", env: {}, ...more });
export const failureOf = async (call: Promise<unknown>): Promise<ClientError> =>
  await call.then(
    () => expect.fail("it did not fail"),
    (error: ClientError) => error,
  );
export const info = {
  scope: "companies:read public",
  resource: { type: "Company", uuid: "0d0f6a52-1111-4c1a-9a3e-000000000001" },
  resource_owner: { type: "CompanyAdmin", uuid: "0d0f6a52-2222-4c1a-9a3e-000000000002" },
};
export const tokens = {
  access_token: "AT-new",
  token_type: "Bearer",
  expires_in: 7200,
  refresh_token: "RT-new",
  scope: "public payrolls:read",
  created_at: 1_795_318_000,
};
export const credentials = { clientId: "cid", clientSecret: "sec" };

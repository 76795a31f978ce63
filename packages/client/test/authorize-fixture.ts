import { afterAll, beforeAll, expect } from "vitest";
import { failureOf } from "./failure.ts";
import { startProvider, type ScriptedProvider } from "./provider.ts";
import type { Application } from "../src/application.ts";
import { symbolon } from "../src/profiles/symbolon.ts";
import { beginAuthorization, type BegunAuthorization } from "../src/authorize/begin.ts";
import { claimInMemory } from "../src/authorize/claim.ts";
import { newTransactionKey } from "../src/authorize/transaction.ts";

export let provider: ScriptedProvider;
/** Another provider, which must not receive anything meant for the first. */
export let other: ScriptedProvider;

/** Starts both providers before the tests of the calling file, and stops them after them. */
export function useProviders(): void {
  beforeAll(async () => void ([provider, other] = [await startProvider(), await startProvider()]));
  afterAll(async () => void (await Promise.all([provider.stop(), other.stop()])));
}

export const transactionKey = newTransactionKey();
export const redirectUri = "https://app.example/cb";
export const tokens = { access_token: "AT", token_type: "Bearer", refresh_token: "RT" };
export const appAt = (at: ScriptedProvider, more: Partial<Application> = {}): Application => ({
  profile: symbolon,
  clientId: "cid",
  clientSecret: "sec",
  baseUrl: at.url,
  ...more,
});
export const valueOf = async <T>(result: Promise<{ ok: true; value: T } | { ok: false; error: Error }>): Promise<T> => {
  const settled = await result;
  if (!settled.ok) throw settled.error;
  return settled.value;
};
export const begin = async (app: Application, more: object = {}): Promise<BegunAuthorization> =>
  await valueOf(beginAuthorization(app, { redirectUri, transactionKey, ...more }));
export const callbackFor = ({ state }: BegunAuthorization, more: Record<string, string> = {}): string =>
  `${redirectUri}?${new URLSearchParams({ code: "the-code", state, iss: provider.url, ...more })}`;

export async function startAuthorization(app = appAt(provider), more: object = {}) {
  provider.reply({ body: tokens });
  other.reply({ body: tokens });
  const transaction = await begin(app, more);
  const request = {
    callback: callbackFor(transaction),
    transaction: transaction.transaction,
    transactionKey,
    claim: claimInMemory(),
  };
  return { app, begun: transaction, request };
}
/** Expects a failure with `not_processed`, and no request to either provider. */
export async function isRefused(call: Promise<unknown>, failure: object): Promise<void> {
  expect(await failureOf(call)).toMatchObject({ outcome: "not_processed", ...failure });
  expect([provider.received, other.received]).toEqual([[], []]);
}

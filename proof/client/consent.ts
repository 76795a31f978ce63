import type { ClientError } from "@symbolon/client";
import type { Emulator } from "@symbolon/emulator";
import { expect } from "vitest";

/** The user consents. Returns the URL that the provider redirects the browser to. */
export async function allow({ control }: Emulator, url: string): Promise<string> {
  control.answerConsent("allow");
  return await followRedirect(url);
}

/** The user refuses. Returns the URL that the provider redirects the browser to. */
export async function deny({ control }: Emulator, url: string): Promise<string> {
  control.answerConsent("deny");
  return await followRedirect(url);
}

async function followRedirect(url: string): Promise<string> {
  const { status, headers } = await fetch(url, { redirect: "manual" });
  expect([302, 303]).toContain(status);
  return headers.get("location")!;
}

/** The error that the call rejects with. */
export const failureOf = async (call: Promise<unknown>): Promise<ClientError> =>
  await call.then(
    () => expect.fail("the call did not fail"),
    (error: ClientError) => error,
  );

export const redirectUri = "http://127.0.0.1:3000/callback";
export const transactionKey = "A".repeat(43);

/** The credentials of the emulator's first application. */
export function credentialsOf({ applications: [application] }: Emulator): { clientId: string; clientSecret: string } {
  return { clientId: application!.clientId, clientSecret: application!.clientSecret! };
}

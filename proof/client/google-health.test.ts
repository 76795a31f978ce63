import { createClient, googleHealth } from "@symbolon/client";
import { emulator } from "@symbolon/emulator";
import { describe, expect, test } from "vitest";
import { allow, credentialsOf, failureOf, redirectUri, transactionKey } from "./consent.ts";

describe("the client at Google Health, against the emulator", () => {
  test("a user connects; the refresh token stays the same; token info and revocation work", async () => {
    await using google = await emulator({ profile: "google-health" });
    const { clientId, clientSecret } = credentialsOf(google);
    const client = createClient(googleHealth, {
      baseUrl: google.url,
      authorizeBaseUrl: google.url,
      issuer: google.url,
      clientId,
      clientSecret,
      transactionKey,
      timeoutMs: 5000,
    });
    const scope = ["https://www.googleapis.com/auth/googlehealth.sleep.readonly"] as const;
    const { url, transaction } = await client.beginAuthorization({ redirectUri, scope });
    const first = await client.finishAuthorization({ callback: await allow(google, url), transaction });
    expect(first.scopes).toContain(scope[0]);
    const second = await client.refresh({ refreshToken: first.refreshToken! });
    expect(second).not.toHaveProperty("refreshToken");
    expect((await client.tokenInfo({ accessToken: second.accessToken })).scopes).toContain(scope[0]);
    expect(await client.revoke({ token: first.refreshToken! })).toBe("revoked");
    expect(await failureOf(client.refresh({ refreshToken: first.refreshToken! }))).toMatchObject({
      code: "refresh_token_dead",
    });
  });
});

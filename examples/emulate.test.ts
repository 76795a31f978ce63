import { emulator } from "@symbolon/emulator";
import { describe, expect, test } from "vitest";
import { loseResponse, type Refresh } from "./emulate-a-lost-answer.ts";
import { rehearseRetirement } from "./emulate-an-upgrade.ts";
import { expiredAndRevokedGrant } from "./emulate-over-http.ts";

const once: Refresh = async (url, id, secret, refresh_token) => {
  const response = await fetch(url, {
    method: "POST",
    headers: { authorization: `Basic ${btoa(`${id}:${secret}`)}` },
    body: new URLSearchParams({ grant_type: "refresh_token", refresh_token }),
  });
  const body = (await response.json()) as { refresh_token?: string };
  if (body.refresh_token === undefined) throw new Error(`${response.status}`);
  return body.refresh_token;
};
const retryAtOnce: Refresh = (...request) => once(...request).catch(() => once(...request));

describe("the examples of docs/emulator.md", () => {
  test("Fitbit accepts a retry at once, but not after an hour", async () => {
    expect((await loseResponse("fitbit", retryAtOnce)).pairs).toHaveLength(3);
    expect((await loseResponse("fitbit", once)).pairs).toHaveLength(2);
  });
  test("a strict provider ends the grant at the retry", async () => {
    expect(await loseResponse("strict", retryAtOnce)).toMatchObject({ state: "ended", because: "refresh_token_reuse" });
  });
  test("an API version retires on its day", async () => {
    expect(await rehearseRetirement("2025-06-15", ["2026-11-15", "2026-11-16"])).toEqual({
      "2026-11-15": 200,
      "2026-11-16": 406,
    });
  });
  test("the emulator is controlled over HTTP", async () => {
    await using provider = await emulator({ profile: "google-health" });
    const { accessToken, refreshToken } = await expiredAndRevokedGrant(provider.url);
    const { clientId, clientSecret } = provider.applications[0]!;
    expect(
      (await fetch(`${provider.url}/v4/users/me/identity`, { headers: { authorization: `Bearer ${accessToken}` } }))
        .status,
    ).toBe(401);
    await expect(once(`${provider.url}/token`, clientId, clientSecret!, refreshToken)).rejects.toThrow("400");
  });
});

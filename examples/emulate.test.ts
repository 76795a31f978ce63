import { emulator } from "@symbolon/emulator";
import { describe, expect, test } from "vitest";
import { loseAnAnswer, type Refresh } from "./emulate-a-lost-answer.ts";
import { rehearseRetirement } from "./emulate-an-upgrade.ts";
import { anExpiredAndRevokedGrant } from "./emulate-over-http.ts";

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
const againAtOnce: Refresh = (...ask) => once(...ask).catch(() => once(...ask));

describe("the examples of docs/emulator.md", () => {
  test("Fitbit gives two minutes: who asks again at once goes on, who waits an hour has lost", async () => {
    expect((await loseAnAnswer("fitbit", againAtOnce)).pairs).toHaveLength(3);
    expect((await loseAnAnswer("fitbit", once)).pairs).toHaveLength(2);
  });
  test("a strict provider takes the same for a theft", async () => {
    expect(await loseAnAnswer("strict", againAtOnce)).toMatchObject({ state: "ended", because: "refresh_token_reuse" });
  });
  test("an API version retires on its day", async () => {
    expect(await rehearseRetirement("2025-06-15", ["2026-11-15", "2026-11-16"])).toEqual({
      "2026-11-15": 200,
      "2026-11-16": 406,
    });
  });
  test("over HTTP, from any language", async () => {
    await using provider = await emulator({ profile: "google-health" });
    const { accessToken, refreshToken } = await anExpiredAndRevokedGrant(provider.url);
    const { clientId, clientSecret } = provider.applications[0]!;
    expect(
      (await fetch(`${provider.url}/v4/users/me/identity`, { headers: { authorization: `Bearer ${accessToken}` } }))
        .status,
    ).toBe(401);
    await expect(once(`${provider.url}/token`, clientId, clientSecret!, refreshToken)).rejects.toThrow("400");
  });
});

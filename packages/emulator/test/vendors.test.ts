import { describe, expect, test } from "vitest";
import { emulator } from "@symbolon/emulator";
import { readResponse } from "./application.ts";

describe("the vendors' profiles in three requests", () => {
  test("gusto: the first use of the new pair ends the old pair", async () => {
    await using gusto = await emulator({ profile: "gusto" });
    const first = gusto.control.consent();
    const [application] = gusto.applications;
    const refresh = async () =>
      readResponse(
        await gusto.fetch(`${gusto.url}/oauth/token`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({
            client_id: application!.clientId,
            client_secret: application!.clientSecret,
            grant_type: "refresh_token",
            refresh_token: first.refreshToken,
          }),
        }),
      );
    const info = async (token: unknown) =>
      (await gusto.fetch(`${gusto.url}/v1/token_info`, { headers: { authorization: `Bearer ${String(token)}` } }))
        .status;
    const one = await refresh();
    const two = await refresh();
    expect(two.body["refresh_token"]).not.toBe(one.body["refresh_token"]);
    expect(await info(first.accessToken)).toBe(200);
    expect(await info(two.body["access_token"])).toBe(200);
    expect(await info(first.accessToken)).toBe(401);
    expect(await info(one.body["access_token"]), "a sibling lives on").toBe(200);
    expect((await refresh()).body["error"]).toBe("invalid_grant");
  });

  test("fitbit: repeats the body for two minutes", async () => {
    await using fitbit = await emulator({ profile: "fitbit" });
    const first = fitbit.control.consent({ scope: "activity profile" });
    const [application] = fitbit.applications;
    const refresh = async () =>
      readResponse(
        await fitbit.fetch(`${fitbit.url}/oauth2/token`, {
          method: "POST",
          headers: { authorization: `Basic ${btoa(`${application!.clientId}:${application!.clientSecret}`)}` },
          body: new URLSearchParams({ grant_type: "refresh_token", refresh_token: first.refreshToken }),
        }),
      );
    const one = await refresh();
    expect(Object.keys(one.body)).toEqual([
      "access_token",
      "expires_in",
      "refresh_token",
      "scope",
      "token_type",
      "user_id",
    ]);
    fitbit.control.advance(119);
    expect((await refresh()).body).toEqual(one.body);
    fitbit.control.advance(1);
    expect(await refresh()).toMatchObject({
      status: 400,
      body: { errors: [{ errorType: "invalid_grant" }], success: false },
    });
  });

  test("google-health: the refresh token stays valid and is left out of the answer", async () => {
    await using google = await emulator({ profile: "google-health" });
    const first = google.control.consent();
    const [application] = google.applications;
    const form = {
      client_id: application!.clientId,
      client_secret: application!.clientSecret!,
      grant_type: "refresh_token",
      refresh_token: first.refreshToken,
    };
    const refresh = async () =>
      readResponse(await google.fetch(`${google.url}/token`, { method: "POST", body: new URLSearchParams(form) }));
    expect(Object.keys((await refresh()).body)).toEqual(["access_token", "expires_in", "scope", "token_type"]);
    google.control.advance(365 * 86_400);
    expect((await refresh()).status).toBe(200);
    google.control.revoke();
    expect(await refresh()).toMatchObject({
      status: 400,
      body: { error: "invalid_grant", error_description: "Token has been expired or revoked." },
    });
  });
});

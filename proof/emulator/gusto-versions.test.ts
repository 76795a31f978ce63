import { describe, expect, test } from "vitest";
import { gusto, gustoVersions, latestGustoVersion } from "@symbolon/emulator";
import { bearer, jsonType, openPlace, type Heard, type Place } from "./place.ts";

const info = (place: Place, version?: string): Promise<Heard> =>
  place.send("GET", "/v1/token_info", {
    ...bearer(place.consent().accessToken),
    ...(version === undefined ? {} : { "x-gusto-api-version": version }),
  });
const secondsUntil = (place: Place, date: string): number =>
  Date.parse(`${date}T00:00:00Z`) / 1000 - place.control.now();

describe("gusto-and-fitbit.md §2.7: versions by date", () => {
  test("every known date is accepted and echoed, whatever the clock says", async () => {
    await using place = await openPlace({ profile: "gusto" });
    for (const version of gustoVersions)
      expect(await info(place, version)).toMatchObject({ status: 200, headers: { "x-gusto-api-version": version } });
  });

  test("a new application starts at the latest: that is echoed where no header is sent, and older ones may be sent", async () => {
    await using place = await openPlace({ profile: "gusto" });
    expect((await info(place)).headers["x-gusto-api-version"]).toBe(latestGustoVersion);
    expect((await place.send("GET", "/v1/token_info", {})).headers["x-gusto-api-version"]).toBe(latestGustoVersion);
  });

  test("by schedule, the latest is the latest of the day", async () => {
    await using place = await openPlace({ profile: gusto({ versions: "schedule" }) });
    place.control.advance(secondsUntil(place, "2025-12-01"));
    expect((await info(place)).headers["x-gusto-api-version"]).toBe("2025-11-15");
  });

  test("without a header the application's minimum applies", async () => {
    await using place = await openPlace({ profile: "gusto", applications: [{ minimumApiVersion: "2025-11-15" }] });
    expect((await info(place)).headers["x-gusto-api-version"]).toBe("2025-11-15");
  });

  test.each([
    [
      "malformed",
      "latest",
      {
        errors: [
          {
            error_key: "request",
            category: "invalid_api_version",
            message: "Not a version. Expected format: YYYY-MM-DD",
          },
        ],
      },
    ],
    ["no day of any calendar", "2025-13-45", { errors: [{ category: "invalid_api_version" }] }],
    ["in the future", "2027-01-01", { errors: [{ category: "invalid_api_version" }] }],
    [
      "older than the application's minimum",
      "2024-03-01",
      { name: "Invalid X-Gusto-API-Version Header", message: "`2024-03-01` is older than the minimum `2024-04-01`" },
    ],
  ])("%s: 406", async (_what, version, body) => {
    await using place = await openPlace({ profile: "gusto", applications: [{ minimumApiVersion: "2024-04-01" }] });
    expect(await info(place, version)).toMatchObject({ status: 406, json: body });
    const { clientId, clientSecret } = place.application;
    const asked = JSON.stringify({ client_id: clientId, client_secret: clientSecret, grant_type: "system_access" });
    expect(
      await place.send("POST", "/oauth/token", { ...jsonType, "x-gusto-api-version": version }, asked),
    ).toMatchObject({ status: 406, json: body });
  });

  test("by schedule, dates retire against the emulator's clock, and new ones appear", async () => {
    await using place = await openPlace({ profile: gusto({ versions: "schedule" }) });
    const status = async (version: string): Promise<number> => (await info(place, version)).status;
    expect([await status("2024-04-01"), await status("2025-06-15"), await status("2026-06-15")], "2026-10-01").toEqual([
      406, 200, 200,
    ]);
    place.control.advance(secondsUntil(place, "2026-11-15"));
    expect(await status("2025-06-15"), "2026-11-15").toBe(200);
    place.control.advance(86_400);
    expect([await status("2025-06-15"), await status("2025-11-15")], "2026-11-16").toEqual([406, 200]);
    place.control.advance(secondsUntil(place, "2025-12-01"));
    expect([await status("2024-04-01"), await status("2025-11-15"), await status("2026-02-01")], "2025-12-01").toEqual([
      200, 200, 406,
    ]);
  });
});

describe("gusto-and-fitbit.md §2.4: created_at", () => {
  const createdAt = async (place: Place, version?: string): Promise<unknown> => {
    const { clientId, clientSecret } = place.application;
    const body = JSON.stringify({
      client_id: clientId,
      client_secret: clientSecret,
      grant_type: "refresh_token",
      refresh_token: place.consent().refreshToken,
    });
    return (
      await place.send(
        "POST",
        "/oauth/token",
        { ...jsonType, ...(version === undefined ? {} : { "x-gusto-api-version": version }) },
        body,
      )
    ).json["created_at"];
  };
  test("digits as text up to 2024-04-01, a number from 2025-06-15 on, and a number without a header", async () => {
    await using place = await openPlace({ profile: "gusto" });
    const now = place.control.now();
    for (const version of gustoVersions)
      expect(await createdAt(place, version), version).toBe(version <= "2024-04-01" ? String(now) : now);
    expect(await createdAt(place)).toBe(now);
  });
});

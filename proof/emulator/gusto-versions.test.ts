import { describe, expect, test } from "vitest";
import { gusto, gustoVersions, latestGustoVersion } from "@symbolon/emulator";
import { bearer, jsonType, openPlace, type ReceivedResponse, type Place } from "./place.ts";

const info = (place: Place, version?: string): Promise<ReceivedResponse> =>
  place.send("GET", "/v1/token_info", {
    ...bearer(place.consent().accessToken),
    ...(version === undefined ? {} : { "x-gusto-api-version": version }),
  });
const secondsUntil = (place: Place, date: string): number =>
  Date.parse(`${date}T00:00:00Z`) / 1000 - place.control.now();

describe("API versions by date (gusto-and-fitbit.md §2.7)", () => {
  test("versions=all: accepts and echoes every known date at any time", async () => {
    await using place = await openPlace({ profile: "gusto" });
    for (const version of gustoVersions)
      expect(await info(place, version)).toMatchObject({ status: 200, headers: { "x-gusto-api-version": version } });
  });

  test("a new application defaults to the latest version and may send older ones", async () => {
    await using place = await openPlace({ profile: "gusto" });
    expect((await info(place)).headers["x-gusto-api-version"]).toBe(latestGustoVersion);
    expect((await place.send("GET", "/v1/token_info", {})).headers["x-gusto-api-version"]).toBe(latestGustoVersion);
  });

  test("versions=schedule: the latest version is that of the day", async () => {
    await using place = await openPlace({ profile: gusto({ versions: "schedule" }) });
    place.control.advance(secondsUntil(place, "2025-12-01"));
    expect((await info(place)).headers["x-gusto-api-version"]).toBe("2025-11-15");
  });

  test("uses the application's minimum version without a header", async () => {
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
    ["an impossible date", "2025-13-45", { errors: [{ category: "invalid_api_version" }] }],
    ["a future date", "2027-01-01", { errors: [{ category: "invalid_api_version" }] }],
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

  test("versions=schedule: dates appear and retire by the emulator's clock", async () => {
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

describe("created_at (gusto-and-fitbit.md §2.4)", () => {
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
  test("a string up to 2024-04-01, a number from 2025-06-15 on; the latest without a header", async () => {
    await using place = await openPlace({ profile: "gusto" });
    const now = place.control.now();
    for (const version of gustoVersions)
      expect(await createdAt(place, version), version).toBe(version <= "2024-04-01" ? String(now) : now);
    expect(await createdAt(place)).toBe(now);
  });

  test.each([
    ["2024-04-01", "string"],
    ["2025-06-15", "number"],
  ])("follows the application's minimum version without a header: %s is a %s", async (minimumApiVersion, type) => {
    await using place = await openPlace({ profile: "gusto", applications: [{ minimumApiVersion }] });
    expect(typeof (await createdAt(place))).toBe(type);
  });
});

import { describe, expect, test } from "vitest";
import { GustoEmbedded as Gusto2024 } from "gusto-2024";
import { GustoEmbedded as Gusto2025 } from "gusto-2025";
import { GustoEmbedded as Gusto2026 } from "@gusto/embedded-api-v-2026-06-15";
import { openPlace, type Place } from "./place.ts";

const callOf = (place: Place, operation: string) => place.control.requests(operation).at(-1)!;

describe("@gusto/embedded-api 0.6.4 for version 2024-04-01", () => {
  const clientOf = (place: Place, companyAccessAuth: string) =>
    new Gusto2024({ serverURL: place.url, companyAccessAuth });
  const bodyOf = ({ application }: Place, refreshToken: string) => ({
    clientId: application.clientId,
    clientSecret: application.clientSecret,
    refreshToken,
    grantType: "refresh_token",
  });

  test("token info, refresh, and the first use ends the old pair", async () => {
    await using place = await openPlace({ profile: "gusto" });
    const first = place.consent();
    const client = clientOf(place, first.accessToken);
    const { object: info } = await client.introspection.getInfo({});
    expect(info).toMatchObject({
      scope: first.scope,
      resource: { type: "Company" },
      resourceOwner: { type: "CompanyAdmin" },
    });

    const { authentication } = await client.introspection.refreshToken({
      requestBody: bodyOf(place, first.refreshToken),
    });
    expect(authentication).toMatchObject({
      tokenType: "Bearer",
      expiresIn: 7200,
      createdAt: String(place.control.now()),
      scope: first.scope,
    });
    expect(callOf(place, "refresh_token").authorization, "the stray bearer is ignored").toMatch(/^Bearer/);

    const renewed = clientOf(place, authentication!.accessToken!);
    expect((await renewed.introspection.getInfo({})).object).toEqual(info);
    await expect(client.introspection.getInfo({})).rejects.toThrow("Status 401");
    await expect(client.introspection.refreshToken({ requestBody: bodyOf(place, first.refreshToken) })).rejects.toThrow(
      "invalid_grant",
    );
  });

  test("cannot read created_at as a number, which only newer versions return", async () => {
    await using place = await openPlace({ profile: "gusto" });
    const client = clientOf(place, "x");
    const asked = client.introspection.refreshToken(
      { requestBody: bodyOf(place, place.consent().refreshToken) },
      { headers: { "X-Gusto-API-Version": "2025-06-15" } },
    );
    await expect(asked).rejects.toMatchObject({ name: "ResponseValidationError" });
  });
});

describe.each([
  ["@gusto/embedded-api 0.16.0", Gusto2025, "2025-06-15"],
  ["@gusto/embedded-api-v-2026-06-15 0.2.0", Gusto2026, "2026-06-15"],
] as const)("%s", (_name, Gusto, version) => {
  const clientOf = (place: Place, companyAccessAuth: string) =>
    new Gusto({ serverURL: place.url, companyAccessAuth }) as Gusto2025;

  test("token info, refresh, and the first use ends the old pair", async () => {
    await using place = await openPlace({ profile: "gusto" });
    const first = place.consent();
    const client = clientOf(place, first.accessToken);
    const { tokenInfo, httpMeta } = await client.introspection.getInfo({});
    expect(tokenInfo).toMatchObject({
      scope: first.scope,
      resource: { type: "Company" },
      resourceOwner: { type: "CompanyAdmin" },
    });
    expect(httpMeta.response.headers.get("x-gusto-api-version")).toBe(version);

    const requestBody = {
      clientId: place.application.clientId,
      clientSecret: place.application.clientSecret,
      refreshToken: first.refreshToken,
      grantType: "refresh_token" as const,
    };
    const { authentication } = await client.introspection.oauthAccessToken({ requestBody });
    expect(authentication).toMatchObject({ tokenType: "Bearer", expiresIn: 7200, createdAt: place.control.now() });
    expect(callOf(place, "refresh_token").authorization, "no bearer goes to the token endpoint").toBeUndefined();

    await clientOf(place, authentication!.accessToken).introspection.getInfo({});
    await expect(client.introspection.getInfo({})).rejects.toThrow("Status 401");
    await expect(client.introspection.oauthAccessToken({ requestBody })).rejects.toThrow("Status 400");
  });

  test("a system token and its token info", async () => {
    await using place = await openPlace({ profile: "gusto" });
    const requestBody = {
      clientId: place.application.clientId,
      clientSecret: place.application.clientSecret,
      grantType: "system_access" as const,
    };
    const { authentication } = await clientOf(place, "x").introspection.oauthAccessToken({ requestBody });
    expect(authentication!.refreshToken ?? null).toBeNull();
    const { tokenInfo } = await clientOf(place, authentication!.accessToken).introspection.getInfo({});
    expect(tokenInfo).toMatchObject({ resource: { type: "Oauth::Application" }, resourceOwner: null });
  });

  test("another version by the header of one call; a retired one is 406", async () => {
    await using place = await openPlace({ profile: "gusto", applications: [{ minimumApiVersion: "2025-06-15" }] });
    const client = clientOf(place, place.consent().accessToken);
    const { httpMeta } = await client.introspection.getInfo({}, { headers: { "X-Gusto-API-Version": "2026-02-01" } });
    expect(httpMeta.response.headers.get("x-gusto-api-version")).toBe("2026-02-01");
    await expect(
      client.introspection.getInfo({}, { headers: { "X-Gusto-API-Version": "2024-04-01" } }),
    ).rejects.toThrow("Status 406");
  });

  test("retries two 503 answers and gets the tokens", async () => {
    await using place = await openPlace({ profile: "gusto" });
    place.control.fault({ what: "status", status: 503, operation: "refresh_token", times: 2 });
    const requestBody = {
      clientId: place.application.clientId,
      clientSecret: place.application.clientSecret,
      refreshToken: place.consent().refreshToken,
      grantType: "refresh_token" as const,
    };
    const retries = {
      strategy: "backoff" as const,
      backoff: { initialInterval: 1, maxInterval: 5, exponent: 1.1, maxElapsedTime: 5000 },
      retryConnectionErrors: true,
    };
    const { authentication } = await clientOf(place, "x").introspection.oauthAccessToken({ requestBody }, { retries });
    expect(authentication!.accessToken).toMatch(/^[\w-]{43}$/);
    expect(place.control.requests("refresh_token").map(({ status }) => status)).toEqual([503, 503, 200]);
  });
});

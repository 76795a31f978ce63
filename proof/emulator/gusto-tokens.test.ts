import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bearer, jsonType, openPlace, type ReceivedResponse, type Place } from "./place.ts";

let place: Place;
beforeAll(async () => {
  place = await openPlace({ profile: "gusto" });
});
afterAll(() => place[Symbol.asyncDispose]());

const credentials = () => ({ client_id: place.application.clientId, client_secret: place.application.clientSecret });
const token = (headers: Record<string, string>, body: string, query = ""): Promise<ReceivedResponse> =>
  place.send("POST", `/oauth/token${query}`, headers, body);

describe("token_info (gusto-and-fitbit.md §2.2)", () => {
  const info = (accessToken: string, headers: Record<string, string> = {}): Promise<ReceivedResponse> =>
    place.send("GET", "/v1/token_info", { ...bearer(accessToken), ...headers });

  test("a company token: three keys, the version and the rate limit in headers", async () => {
    const response = await info(place.consent("companies:read public").accessToken, {
      "x-gusto-api-version": "2025-06-15",
    });
    const uuid = expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/) as unknown;
    expect(response.json).toEqual({
      scope: "companies:read public",
      resource: { type: "Company", uuid },
      resource_owner: { type: "CompanyAdmin", uuid },
    });
    expect(response.headers).toMatchObject({
      "x-gusto-api-version": "2025-06-15",
      "x-ratelimit-limit": "200",
      "x-ratelimit-reset": expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) as unknown,
    });
    expect(response.headers["retry-after"]).toBeUndefined();
  });

  test("a system token: resource_owner is null, not absent", async () => {
    const granted = await token(jsonType, JSON.stringify({ ...credentials(), grant_type: "system_access" }));
    expect(Object.keys(granted.json)).toEqual(["access_token", "token_type", "expires_in", "created_at"]);
    const response = await info(granted.json["access_token"] as string);
    expect(response.json).toMatchObject({
      scope: "partner_managed_companies:create public",
      resource: { type: "Oauth::Application" },
      resource_owner: null,
    });
  });

  test("GET /v1/me names the company for older clients", async () => {
    const response = await place.send("GET", "/v1/me", bearer(place.consent().accessToken));
    expect(response.json).toMatchObject({ roles: { payroll_admin: { companies: [{ name: "Acme" }] } } });
  });
});

describe("revoke on use, as Doorkeeper does it (gusto-and-fitbit.md §2.4)", () => {
  const refresh = (refreshToken: string): Promise<ReceivedResponse> =>
    token(jsonType, JSON.stringify({ ...credentials(), grant_type: "refresh_token", refresh_token: refreshToken }));
  const works = async (accessToken: unknown): Promise<boolean> =>
    (await place.send("GET", "/v1/token_info", bearer(accessToken as string))).status === 200;

  test("the old refresh token issues different pairs until one is used; that ends the old pair, and sibling pairs stay valid", async () => {
    const first = place.consent();
    const [one, two] = [await refresh(first.refreshToken), await refresh(first.refreshToken)];
    expect(one.json["access_token"]).not.toBe(two.json["access_token"]);
    expect(one.json["refresh_token"]).not.toBe(two.json["refresh_token"]);
    expect(await works(first.accessToken)).toBe(true);
    expect(await works(two.json["access_token"])).toBe(true);
    expect(await works(first.accessToken), "the old access token").toBe(false);
    expect(await refresh(first.refreshToken), "the old refresh token").toMatchObject({
      status: 400,
      json: { error: "invalid_grant" },
    });
    expect(await works(one.json["access_token"]), "the sibling").toBe(true);
    expect((await refresh(one.json["refresh_token"] as string)).status, "the sibling's refresh token").toBe(200);
    expect((await refresh(two.json["refresh_token"] as string)).status, "and nothing was taken for theft").toBe(200);
  });

  test("every pair in a chain of unused pairs stays valid", async () => {
    const first = place.consent();
    const two = await refresh((await refresh(first.refreshToken)).json["refresh_token"] as string);
    expect(two.status).toBe(200);
    expect((await refresh(first.refreshToken)).status).toBe(200);
  });

  test("tokens are 43 characters of URL-safe base64", async () => {
    const { json } = await refresh(place.consent().refreshToken);
    for (const name of ["access_token", "refresh_token"]) expect(json[name]).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });
});

describe("Gusto's own grant types (gusto-and-fitbit.md §2.5)", () => {
  test("partner_managed_companies: a system token creates a company and gets its first token pair", async () => {
    const system = (await token(jsonType, JSON.stringify({ ...credentials(), grant_type: "system_access" }))).json[
      "access_token"
    ] as string;
    const create = (accessToken: string, body: object): Promise<ReceivedResponse> =>
      place.send(
        "POST",
        "/v1/partner_managed_companies",
        { ...jsonType, ...bearer(accessToken) },
        JSON.stringify(body),
      );
    const asked = { user: { email: "owner@new.example" }, company: { name: "New Company" } };
    const created = await create(system, asked);
    expect(Object.keys(created.json)).toEqual(["access_token", "refresh_token", "company_uuid", "expires_in"]);
    expect(
      (
        await place.send(
          "GET",
          `/v1/companies/${String(created.json["company_uuid"])}`,
          bearer(created.json["access_token"] as string),
        )
      ).json,
    ).toMatchObject({ name: "New Company" });
    expect(await create(system, asked)).toMatchObject({
      status: 422,
      json: { errors: [{ category: "duplicate_operation" }] },
    });
    expect(await create(system, {})).toMatchObject({
      status: 422,
      json: { errors: [{ category: "invalid_attribute_value", error_key: "company.name" }] },
    });
    expect((await create(place.consent().accessToken, asked)).status, "a company token creates no company").toBe(403);
    expect(
      (await place.send("GET", "/v1/companies/any", bearer(system))).status,
      "a system token cannot read a company",
    ).toBe(403);
  });

  test("strict_access: a company leaves the legacy grant when its own token is used; from 2023-05-01 legacy tokens are refused", async () => {
    await using own = await openPlace({ profile: "gusto" });
    const legacy = own.control.consent({ legacy: true });
    const { clientId, clientSecret } = own.application;
    const exchange = (more: object = {}): Promise<ReceivedResponse> =>
      own.send(
        "POST",
        "/oauth/token",
        jsonType,
        JSON.stringify({
          client_id: clientId,
          client_secret: clientSecret,
          grant_type: "strict_access",
          refresh_token: legacy.refreshToken,
          ...more,
        }),
      );
    const info = (accessToken: unknown, version: string): Promise<ReceivedResponse> =>
      own.send("GET", "/v1/token_info", { ...bearer(accessToken as string), "x-gusto-api-version": version });
    expect((await info(legacy.accessToken, "2023-04-01")).json).toMatchObject({ resource: null });
    expect((await info(legacy.accessToken, "2023-05-01")).status).toBe(403);
    const acme = await exchange();
    const again = await exchange();
    expect((await info(acme.json["access_token"], "2023-05-01")).json).toMatchObject({ resource: { type: "Company" } });
    expect((await info(again.json["access_token"], "2023-05-01")).status).toBe(200);
    const initech = await exchange();
    await info(initech.json["access_token"], "2023-05-01");
    expect((await exchange()).json["error"], "no company is left").toBe("invalid_grant");
    expect(own.control.grants()[0]).toMatchObject({ state: "ended", because: "replaced" });
    expect((await exchange({ refresh_token: "" })).json["error"]).toBe("invalid_request");
  });
});

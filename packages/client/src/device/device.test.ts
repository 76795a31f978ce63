import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { failureOf } from "../../test/failure.ts";
import { startProvider, type Reply, type ScriptedProvider } from "../../test/provider.ts";
import { makeWorld, type TestWorld } from "../../test/world.ts";
import type { Application } from "../application.ts";
import { createClient } from "../client.ts";
import { generic } from "../profiles/generic.ts";
import { symbolon } from "../profiles/symbolon.ts";
import { awaitDevice } from "./await-device.ts";
import { startDevice, type DeviceAuthorization } from "./start-device.ts";

let provider: ScriptedProvider;
beforeAll(async () => void (provider = await startProvider()));
afterAll(async () => await provider.stop());

const app = (more: Partial<Application> = {}): Application => ({
  profile: generic,
  clientId: "cid",
  timeoutMs: 0,
  endpoints: { deviceAuthorization: `${provider.url}/device`, token: `${provider.url}/token` },
  ...more,
});
const begun = {
  device_code: "DC",
  user_code: "WDJB-MJHT",
  verification_uri: "https://id.example/device",
  expires_in: 900,
};

async function start(more: object = {}): Promise<DeviceAuthorization> {
  provider.reply({ body: { ...begun, ...more } });
  const started = await startDevice(app());
  if (!started.ok) throw started.error;
  return started.value;
}
const pending: Reply = { status: 400, body: { error: "authorization_pending" } };
const tokens: Reply = { body: { access_token: "AT", token_type: "Bearer", refresh_token: "RT" } };
async function poll(...replies: Reply[]) {
  const device = await start();
  provider.reply(...replies);
  const world: TestWorld = makeWorld();
  return { world, result: await awaitDevice(app({ world }), { device }) };
}

describe("RFC 8628 §3.2: the device authorization response", () => {
  test("reads codes, URIs and times; the device code is sealed", async () => {
    const device = await start({ verification_uri_complete: "https://id.example/device?c=WDJB-MJHT", interval: 7 });
    expect(device).toMatchObject({
      userCode: "WDJB-MJHT",
      verificationUri: "https://id.example/device",
      verificationUriComplete: "https://id.example/device?c=WDJB-MJHT",
      expiresIn: 900,
      interval: 7,
    });
    expect(JSON.stringify(device)).not.toContain("DC");
    expect(Object.fromEntries(provider.received[0]!.form)).toEqual({ client_id: "cid" });
  });
  test("the default interval is five seconds; verification_url is read too", async () =>
    expect(
      await start({ verification_uri: undefined, verification_url: "https://www.google.com/device" }),
    ).toMatchObject({ interval: 5, verificationUri: "https://www.google.com/device" }));
  test("sends the scope", async () => {
    provider.reply({ body: begun });
    await startDevice(app(), { scope: ["a", "b"] });
    expect(provider.received[0]!.form.get("scope")).toBe("a b");
  });
  test.each([
    ["device_code", { device_code: "" }],
    ["user_code", { user_code: 5 }],
    ["verification_uri", { verification_uri: undefined }],
    ["verification_uri", { verification_uri: "javascript:alert(1)" }],
    ["verification_uri", { verification_uri: "http://id.example/device" }],
    ["verification_uri_complete", { verification_uri_complete: "file:///x" }],
    ["expires_in", { expires_in: undefined }],
    ["interval", { interval: -1 }],
  ])("MX-07, MX-08: refuses an invalid %s", async (field, more) => {
    provider.reply({ body: { ...begun, ...more } });
    expect(await failureOf(startDevice(app()))).toMatchObject({ code: "response_invalid", field });
  });
});

describe("a provider without the endpoint", () => {
  const absent = (endpoint: string) => ({
    code: "invalid_request",
    field: `endpoints.${endpoint}`,
    message: expect.stringContaining("is missing: the profile has none"),
  });
  test("startDevice names the missing endpoint", async () =>
    expect(await failureOf(startDevice({ profile: symbolon, clientId: "cid", baseUrl: provider.url }))).toMatchObject(
      absent("deviceAuthorization"),
    ));
  test("introspect, revoke, tokenInfo and authorizationUrl name the missing endpoint", async () => {
    const client = createClient(generic, { clientId: "cid" });
    expect(await failureOf(client.introspect({ token: "AT" }))).toMatchObject(absent("introspection"));
    expect(await failureOf(client.revoke({ token: "AT" }))).toMatchObject(absent("revocation"));
    expect(await failureOf(client.tokenInfo({ accessToken: "AT" }))).toMatchObject(absent("tokenInfo"));
    expect(() => client.authorizationUrl({})).toThrow(expect.objectContaining(absent("authorization")));
  });
});

describe("RFC 8628 §3.4, §3.5: polling until the user has decided", () => {
  test("returns the tokens once the user has consented", async () => {
    const { world, result } = await poll(pending, pending, tokens);
    expect(result).toMatchObject({ ok: true, value: { tokenType: "Bearer" } });
    expect(world.slept).toEqual([5000, 5000, 5000]);
    expect(Object.fromEntries(provider.received[0]!.form)).toEqual({
      grant_type: "urn:ietf:params:oauth:grant-type:device_code",
      device_code: "DC",
      client_id: "cid",
    });
  });
  test("slow_down adds five seconds for good", async () =>
    expect((await poll(pending, { status: 400, body: { error: "slow_down" } }, pending, tokens)).world.slept).toEqual([
      5000, 5000, 10_000, 10_000,
    ]));
  test("accepts Google's statuses for the same error codes", async () =>
    expect(
      (
        await poll(
          { status: 428, body: { error: "authorization_pending" } },
          { status: 403, body: { error: "slow_down" } },
          tokens,
        )
      ).world.slept,
    ).toEqual([5000, 5000, 10_000]));
  test("a lost response doubles the interval", async () =>
    expect((await poll({ status: 503 }, (response) => void response.destroy(), pending, tokens)).world.slept).toEqual([
      5000, 10_000, 20_000, 20_000,
    ]));
  test("waits as long as Retry-After says", async () =>
    expect((await poll({ status: 429, headers: { "retry-after": "60" } }, tokens)).world.slept).toEqual([
      5000, 60_000,
    ]));
  test.each([
    ["access_denied", "access_denied"],
    ["expired_token", "device_code_expired"],
    ["invalid_grant", "code_refused"],
    ["invalid_client", "client_credentials_wrong"],
  ])("%s ends the polling with %s", async (error, code) =>
    expect((await poll(pending, { status: 400, body: { error } })).result).toMatchObject({
      ok: false,
      error: { code },
    }),
  );
  test("stops when the device code expires", async () => {
    const { world, result } = await poll(pending);
    expect(result).toMatchObject({ ok: false, error: { code: "device_code_expired", operation: "awaitDevice" } });
    expect(world.monotonicMs()).toBe(900_000);
  });
  test("stops when the caller's signal aborts", async () => {
    const device = await start();
    provider.reply(pending);
    const stop = new AbortController();
    const hooks = { afterResponse: () => stop.abort() };
    expect(
      await failureOf(awaitDevice(app({ world: makeWorld(), hooks }), { device, signal: stop.signal })),
    ).toMatchObject({ code: "aborted" });
    expect(provider.received).toHaveLength(1);
  });
  test.each([[undefined], [Number.NaN], [null]])(
    "RFC 8628 §3.2: an interval of %j means five seconds",
    async (interval) => {
      const device = { ...(await start()), interval: interval as number };
      provider.reply(tokens);
      const world = makeWorld();
      expect(await awaitDevice(app({ world }), { device })).toMatchObject({ ok: true });
      expect(world.slept).toEqual([5000]);
    },
  );
  test.each([[undefined], [Number.NaN], [null], ["900"], [-1]])("names a lifetime of %j", async (expiresIn) => {
    const device = { ...(await start()), expiresIn: expiresIn as number };
    expect(await failureOf(awaitDevice(app({ world: makeWorld() }), { device }))).toMatchObject({
      code: "invalid_request",
      field: "device.expiresIn",
    });
  });
  test("names an argument that is not a device authorization", async () =>
    expect(await failureOf(awaitDevice(app(), { device: {} as DeviceAuthorization }))).toMatchObject({
      code: "invalid_request",
      field: "device",
    }));
});

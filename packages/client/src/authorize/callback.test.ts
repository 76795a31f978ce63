import { describe, expect, test } from "vitest";
import { failureOf } from "../../test/failure.ts";
import { readCallback } from "./callback.ts";
import { finishAuthorization } from "./finish.ts";
import { provider, useProviders, callbackFor, startAuthorization, isRefused } from "../../test/authorize-fixture.ts";

useProviders();

describe("RFC 6749 §4.1.2: reading a callback", () => {
  test.each([
    ["a whole URL", "https://app.example/cb?code=c&state=s"],
    ["a path", "/cb?code=c&state=s"],
    ["a query", "?code=c&state=s"],
    ["bare parameters", "code=c&state=s"],
    ["one from Fitbit, with its fragment", "https://app.example/cb?code=c&state=s#_=_"],
    ["one with other parameters in the fragment", "https://app.example/cb?code=c&state=s#code=x&state=y"],
  ])("%s", (_, callback) => expect(readCallback(callback)).toEqual({ code: "c", state: "s" }));
  test("accepts a URL object", () =>
    expect(readCallback(new URL("https://app.example/cb?code=c"))).toEqual({ code: "c" }));
  test.each(["https://a/cb?code=c&code=d", "https://a/cb?state=s&code=%ZZ", "?code=%FF"])(
    "%s is rejected",
    (callback) => expect(readCallback(callback)).toBeUndefined(),
  );
  test.each(["utm[source]=x&utm[source]=y", "scope=a&scope=b", "user+name=x", "__proto__=1", "=1"])(
    "ignores the unknown parameters %s",
    (unknown) => expect(readCallback(`https://a/cb?${unknown}&code=c&${unknown}`)).toEqual({ code: "c" }),
  );
  test("ignores tokens in the fragment: the implicit flow is not supported", () =>
    expect(readCallback("https://app.example/cb#access_token=x")).toEqual({}));
  test("refuses a malformed callback", async () => {
    const { app, request } = await startAuthorization();
    await isRefused(finishAuthorization(app, { ...request, callback: `${request.callback}&code=again` }), {
      code: "callback_refused",
      field: "callback",
    });
  });
  test("refuses a callback without a code", async () => {
    const { app, begun: sent, request } = await startAuthorization();
    await isRefused(finishAuthorization(app, { ...request, callback: `?state=${sent.state}&iss=${provider.url}` }), {
      code: "callback_refused",
      field: "code",
    });
  });
  test.each([
    ["access_denied", "access_denied"],
    ["server_error", "server_error"],
    ["temporarily_unavailable", "server_error"],
    ["invalid_scope", "refused"],
  ])("reports the provider error %s", async (error, code) => {
    const { app, begun: sent, request } = await startAuthorization();
    const callback = callbackFor(sent, {
      code: "",
      error,
      error_description: "As said.",
      error_uri: "https://id.example/why",
    });
    expect(await failureOf(finishAuthorization(app, { ...request, callback }))).toMatchObject({
      code,
      outcome: "answered",
      reason: { code: error, description: "As said.", uri: "https://id.example/why" },
    });
    expect(provider.received).toHaveLength(0);
  });
  test("MX-08: masks the code where the error description repeats it", async () => {
    const { app, begun: sent, request } = await startAuthorization();
    const callback = callbackFor(sent, {
      error: "invalid the-code",
      error_description: "The code the-code.",
      error_uri: "https://id.example/the-code",
    });
    expect((await failureOf(finishAuthorization(app, { ...request, callback }))).reason).toEqual({
      code: "invalid [sealed]",
      description: "The code [sealed].",
      uri: "https://id.example/[sealed]",
    });
  });
  test("reports a code that the provider refuses", async () => {
    const { app, request } = await startAuthorization();
    provider.reply({ status: 400, body: { error: "invalid_grant" } });
    expect(await failureOf(finishAuthorization(app, request))).toMatchObject({
      code: "code_refused",
      operation: "finishAuthorization",
    });
  });
});

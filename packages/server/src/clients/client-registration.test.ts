import { describe, expect, test } from "vitest";
import { validateClientRegistration, type ClientRegistrationInput } from "./client-registration.ts";
import { formatReplayPolicy } from "./replay-policy.ts";

const catalogue = { scopes: ["payroll:read", "payroll:write"], isOpen: false };
const validate = (input: ClientRegistrationInput, scopes = catalogue) =>
  validateClientRegistration({ name: "Acme Payroll", ...input }, scopes);

describe("RFC 7591 §2: the registration of a client", () => {
  test("needs a name only, and has safe defaults", () => {
    expect(validate({ name: " Acme Payroll " })).toEqual({
      ok: true,
      value: {
        name: "Acme Payroll",
        type: "confidential",
        authMethod: null,
        redirectUris: [],
        scope: ["payroll:read", "payroll:write"],
        replay: { preset: "lazy" },
        accessTokenLifetimes: [],
      },
    });
  });

  test("keeps each redirect URI and lifetime once", () => {
    const uri = "https://acme.example/cb";
    const registration = validate({ redirectUris: [uri, uri], accessTokenLifetimes: [600, 3600, 600] });
    expect(registration).toMatchObject({
      ok: true,
      value: { redirectUris: [uri], accessTokenLifetimes: [600, 3600] },
    });
  });

  test("AZ-18: accepts cursor://… only if the operator accepts any app scheme", () => {
    const input: ClientRegistrationInput = { type: "public", redirectUris: ["cursor://vendor.mcp/callback"] };
    expect(validate(input)).toMatchObject({ ok: false, problems: [{ field: "redirectUris" }] });
    expect(validate({ ...input, anyAppScheme: true })).toMatchObject({
      ok: true,
      value: { redirectUris: ["cursor://vendor.mcp/callback"] },
    });
  });

  test("binds a public client to the method none", () => {
    const registration = validate({ type: "public", redirectUris: ["com.example.app:/cb"] });
    expect(registration).toMatchObject({ ok: true, value: { type: "public", authMethod: "none" } });
  });

  const refused: [title: string, input: ClientRegistrationInput, field: string, expected: string][] = [
    ["a missing name", { name: undefined }, "name", "is needed"],
    ["a name that reverses the text", { name: "a\u202eb" }, "name", "must be one line"],
    ["a name of 81 characters", { name: "a".repeat(81) }, "name", "at most 80 characters"],
    ["an unknown type", { type: "secret" }, "type", "must be confidential or public"],
    ["http away from loopback", { redirectUris: ["http://acme.example/cb"] }, "redirectUris", "must be https"],
    ["a fragment", { redirectUris: ["https://acme.example/cb#f"] }, "redirectUris", "must not have a fragment"],
    ["a public client without a redirect URI", { type: "public" }, "redirectUris", "is needed"],
    ["an unknown auth method", { authMethod: "private_key_jwt" }, "authMethod", "must be client_secret_basic"],
    ["two spaces in the scope", { scope: "payroll:read  payroll:write" }, "scope", "single spaces"],
    ["a scope that is not in the catalogue", { scope: "payroll:raed" }, "scope", "is not in the catalogue"],
    ["a replay window of 0 s", { replay: "window:0" }, "replay", "must be lazy, strict or window:SECONDS"],
    ["a replay window above a day", { replay: "window:86401" }, "replay", "must be lazy, strict or window:SECONDS"],
    ["a lifetime below 10 s", { accessTokenLifetimes: [9] }, "accessTokenLifetimes", "from 10 to 2592000"],
    ["a lifetime that is no number", { accessTokenLifetimes: [Number.NaN] }, "accessTokenLifetimes", "whole numbers"],
    ["17 lifetimes", { accessTokenLifetimes: Array<number>(17).fill(600) }, "accessTokenLifetimes", "at most 16"],
  ];
  test.for(refused)("refuses %s and names the field", ([, input, field, expected]) => {
    const problem = { field, expected: expect.stringContaining(expected) };
    expect(validate(input)).toEqual({ ok: false, problems: [expect.objectContaining(problem)] });
  });

  test("refuses a secret method for a public client", () => {
    const input = { type: "public", redirectUris: ["https://a.example/cb"], authMethod: "client_secret_post" };
    expect(validate(input)).toMatchObject({ ok: false, problems: [{ field: "authMethod" }] });
  });

  test("names every problem of every field at once", () => {
    const input = { name: "", redirectUris: ["https://*.example/", "javascript:alert(1)"], replay: "never" };
    const registration = validate(input);
    expect(registration.ok ? [] : registration.problems.map(({ field, value }) => [field, value])).toEqual([
      ["name", undefined],
      ["redirectUris", "https://*.example/"],
      ["redirectUris", "javascript:alert(1)"],
      ["replay", "never"],
    ]);
  });

  test("accepts any scope while no catalogue is configured", () => {
    expect(validate({ scope: "read write" }, { ...catalogue, isOpen: true })).toMatchObject({
      ok: true,
      value: { scope: ["read", "write"] },
    });
  });

  test.for(["lazy", "strict", "window:120"])("writes the replay policy %s as it reads it", (text) => {
    const registration = validate({ replay: text });
    expect(registration.ok && formatReplayPolicy(registration.value.replay)).toBe(text);
  });

  test.for<[string, ClientRegistrationInput, object]>([
    ["the type confidential by its name", { type: "confidential" }, { type: "confidential" }],
    ["the method client_secret_basic", { authMethod: "client_secret_basic" }, { authMethod: "client_secret_basic" }],
    ["the method client_secret_post", { authMethod: "client_secret_post" }, { authMethod: "client_secret_post" }],
    ["any method that sends a secret", { authMethod: "any" }, { authMethod: null }],
    [
      "the method none of a public client by its name",
      { type: "public", redirectUris: ["https://a.example/cb"], authMethod: "none" },
      { type: "public", authMethod: "none" },
    ],
    ["a scope with spaces around it", { scope: " payroll:read " }, { scope: ["payroll:read"] }],
    ["a name of 80 characters", { name: "a".repeat(80) }, { name: "a".repeat(80) }],
    ["a name in another form than NFC, as NFC", { name: "Ame\u0301lie" }, { name: "Am\u00e9lie" }],
    ["lifetimes of 10 s and of 30 days", { accessTokenLifetimes: [10, 2_592_000] }, {}],
    ["16 lifetimes", { accessTokenLifetimes: Array.from({ length: 16 }, (_, index) => 600 + index) }, {}],
    ["a replay window of 1 s", { replay: "window:1" }, { replay: { preset: "window", seconds: 1 } }],
    ["a replay window of a day", { replay: "window:86400" }, { replay: { preset: "window", seconds: 86_400 } }],
  ])("accepts %s", ([, input, value]) => expect(validate(input)).toMatchObject({ ok: true, value }));

  test.for<[string, ClientRegistrationInput]>([
    ["a lifetime above 30 days", { accessTokenLifetimes: [2_592_001] }],
    ["a lifetime with a fraction of a second", { accessTokenLifetimes: [600.5] }],
    ["one bad lifetime among good ones", { accessTokenLifetimes: [600, 9, 3600] }],
  ])("refuses %s", ([, input]) =>
    expect(validate(input)).toMatchObject({ ok: false, problems: [{ field: "accessTokenLifetimes" }] }),
  );

  test.for<[ClientRegistrationInput, object]>([
    [{ type: "secret" }, { field: "type", value: "secret", allowed: ["confidential", "public"] }],
    [
      { authMethod: "private_key_jwt" },
      {
        field: "authMethod",
        expected: "must be client_secret_basic, client_secret_post or any",
        value: "private_key_jwt",
        allowed: ["client_secret_basic", "client_secret_post"],
      },
    ],
    [
      { type: "public", redirectUris: ["https://a.example/cb"], authMethod: "client_secret_post" },
      { field: "authMethod", value: "client_secret_post" },
    ],
    [{ redirectUris: ["http://a.example/cb"] }, { field: "redirectUris", value: "http://a.example/cb" }],
    [{ scope: "payroll:raed" }, { field: "scope", value: "payroll:raed", allowed: catalogue.scopes }],
    [{ replay: "never" }, { field: "replay", value: "never" }],
  ])("names the refused value, and the values that it accepts: %j", ([input, problem]) =>
    expect(validate(input)).toMatchObject({ ok: false, problems: [{ kind: "invalid", ...problem }] }),
  );

  test.for<[ClientRegistrationInput, string]>([
    [{ name: " " }, "name"],
    [{ type: "public" }, "redirectUris"],
  ])("calls a value that is needed missing: %j", ([input, field]) =>
    expect(validate(input)).toMatchObject({ ok: false, problems: [{ field, kind: "missing" }] }),
  );

  test("names each scope that is not in the catalogue, and no other", () => {
    const registration = validate({ scope: "payroll:raed payroll:read payroll:wirte" });
    expect(registration.ok ? [] : registration.problems.map(({ value }) => value)).toEqual([
      "payroll:raed",
      "payroll:wirte",
    ]);
  });

  test("judges the redirect URIs of an unknown type as those of a confidential client", () => {
    const registration = validate({ type: "secret", redirectUris: ["com.example.app:/cb"] });
    expect(registration.ok ? [] : registration.problems.map(({ field }) => field)).toEqual(["type", "redirectUris"]);
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readBearer, readClientAuthentication } from "./client-authentication.ts";
import { parseForm, type Form } from "./form.ts";

/** Any text, lone surrogates included. */
const anyText = fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)) });

const formOf = (text: string): Form => {
  const form = parseForm(text);
  if (!form.ok) throw new Error(form.reason);
  return form.value;
};

const base64 = (text: string): string => Buffer.from(text, "utf8").toString("base64");
const basic = (text: string): string => `Basic ${base64(text)}`;

/** The credentials with the secret revealed, or the reason of the refusal. */
function read(
  authorization: string | undefined,
  form = "",
): { method: string; clientId: string; secret?: string; isInBodyToo?: true } | string {
  const presented = readClientAuthentication(authorization, formOf(form));
  if (!presented.ok) return presented.reason;
  const { value } = presented;
  return value.method === "none" ? { ...value } : { ...value, secret: value.secret.reveal() };
}

describe("RFC 6749 §2.3: at most one method of client authentication", () => {
  test.each([
    [
      "CA-01: a header, and another secret in the body",
      basic("app:secret"),
      "client_secret=other",
      "client_authentication_twice",
    ],
    [
      "CA-01: the same, with the client_id",
      basic("app:secret"),
      "client_id=app&client_secret=other",
      "client_authentication_twice",
    ],
    [
      "CA-01: a header without a secret, and a secret in the body",
      basic("app:"),
      "client_id=app&client_secret=secret",
      "client_authentication_twice",
    ],
    [
      "CA-01: another scheme in the header, and a secret in the body",
      "Bearer abc",
      "client_id=app&client_secret=secret",
      "authorization_scheme_unsupported",
    ],
    [
      "CA-01: another scheme in the header, and a client_id in the body",
      "Negotiate abc",
      "client_id=app",
      "authorization_scheme_unsupported",
    ],
    ["CA-02: another client_id in the body", basic("app:secret"), "client_id=other", "client_id_conflict"],
    ["CA-05: nothing", undefined, "", "client_authentication_missing"],
    ["CA-05: a secret without a client_id", undefined, "client_secret=secret", "client_authentication_missing"],
    ["CA-05: an empty client_id", undefined, "client_id=&client_secret=secret", "client_authentication_missing"],
  ])("refuses %s", (_, authorization, form, reason) => expect(read(authorization, form)).toBe(reason));

  test("accepts the same client_id in header and body", () =>
    expect(read(basic("app:secret"), "client_id=app")).toEqual({
      method: "client_secret_basic",
      clientId: "app",
      secret: "secret",
    }));

  test.each(["client_id=app&client_secret=secret", "client_secret=secret"])(
    "accepts the same credentials in header and body: %s",
    (form) =>
      expect(read(basic("app:secret"), form)).toEqual({
        method: "client_secret_basic",
        isInBodyToo: true,
        clientId: "app",
        secret: "secret",
      }),
  );

  test.each(["", "client_id=app"])("reads a header with an empty secret as a public client (body %j)", (form) =>
    expect(read(basic("app:"), form)).toEqual({ method: "none", clientId: "app" }),
  );

  test("refuses a header with an empty secret and another client_id in the body", () =>
    expect(read(basic("app:"), "client_id=other")).toBe("client_id_conflict"));

  test("reads a secret in the body as client_secret_post", () =>
    expect(read(undefined, "client_id=app&client_secret=s%3Acret")).toEqual({
      method: "client_secret_post",
      clientId: "app",
      secret: "s:cret",
    }));

  test("reads a client_id alone, or with an empty secret, as a public client", () => {
    expect(read(undefined, "client_id=app")).toEqual({ method: "none", clientId: "app" });
    expect(read(undefined, "client_id=app&client_secret=")).toEqual({ method: "none", clientId: "app" });
  });
});

describe("RFC 6749 §2.3.1: HTTP Basic", () => {
  test.each([
    ["nothing after the scheme", "Basic"],
    ["only a space", "Basic "],
    ["a tab", `Basic\t${base64("app:secret")}`],
    ["no base64", "Basic !!!"],
    ["junk after the padding", "Basic YXBwOnNlY3JldA==!!@@"],
    ["missing padding", "Basic YXBwOnNlY3JldA"],
    ["half of the padding", "Basic YXBwOnNlY3JldA="],
    ["slack bits", "Basic YXBwOnNlY3JldB=="],
    ["base64url", `Basic ${base64("app:???>>>").replaceAll("/", "_").replaceAll("+", "-")}`],
    ["a space after", `${basic("app:secret")} `],
    ["a line break after", `${basic("app:secret")}\n`],
    ["two values", `${basic("app:secret")}, ${basic("app:secret")}`],
    ["no colon", basic("app")],
    ["an empty id", basic(":secret")],
    ["a colon alone", basic(":")],
    ["a broken escape", basic("app:%zz")],
    ["an escape that is no UTF-8", basic("app:%FF")],
    ["raw UTF-8", basic("app:sécret")],
    ["raw Latin-1", `Basic ${Buffer.from("app:s\xe9cret", "latin1").toString("base64")}`],
    ["a raw space", basic("app:a b")],
    ["NUL", basic("app:a\0b")],
    ["a line break inside", basic("app:a\r\nb")],
    ["100 kB", basic(`app:${"a".repeat(100_000)}`)],
  ])("CA-06: %s is basic_malformed", (_, authorization) => expect(read(authorization)).toBe("basic_malformed"));

  test.each([
    ["a colon in the secret", "app:se:cr:et", "app", "se:cr:et"],
    ["an escaped colon in the id", "a%3App:secret", "a:pp", "secret"],
    ["an escaped colon in the secret", "app:se%3acret", "app", "se:cret"],
    ["escaped UTF-8", "%C3%A4pp:s%C3%A9cret", "äpp", "sécret"],
    ["a plus sign, which is a space", "app:a+b", "app", "a b"],
    ["an escaped plus sign", "app:a%2Bb", "app", "a+b"],
    ["an escaped percent sign", "app:100%25", "app", "100%"],
  ])("CA-06: decodes %s exactly", (_, credentials, clientId, secret) =>
    expect(read(basic(credentials))).toEqual({ method: "client_secret_basic", clientId, secret }),
  );

  test.each(["", `Digest ${base64("app:secret")}`, "Basically x", "Bearer abc", "Negotiate"])(
    "another scheme is authorization_scheme_unsupported: %s",
    (authorization) => expect(read(authorization)).toBe("authorization_scheme_unsupported"),
  );

  test.each(["Basic  ", "Basic     "])("RFC 9110 §11.4: accepts several spaces after the scheme: %j", (scheme) =>
    expect(read(`${scheme}${base64("app:secret")}`)).toMatchObject({ clientId: "app", secret: "secret" }),
  );

  test.each(["basic", "BASIC", "bAsIc"])("RFC 7617 §2: accepts the scheme name %s", (scheme) =>
    expect(read(`${scheme} ${base64("app:secret")}`)).toMatchObject({ clientId: "app" }),
  );

  test("RFC 7617 §2: refuses the example, which is not form-encoded", () =>
    expect(read("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==")).toBe("basic_malformed")); // "open sesame" is not form-encoded

  test("RFC 6749 §2.3.1: reads the example", () =>
    expect(read("Basic czZCaGRSa3F0Mzo3RmpmcDBaQnIxS3REUmJuZlZkbUl3")).toMatchObject({
      clientId: "s6BhdRkqt3",
      secret: "7Fjfp0ZBr1KtDRbnfVdmIw",
    }));

  const credential = fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 });
  const encode = (text: string): string => new URLSearchParams({ x: text }).toString().slice(2);

  test("reads any credentials that are encoded as the RFC says", () =>
    fc.assert(
      fc.property(credential, credential, (clientId, secret) => {
        expect(read(basic(`${encode(clientId)}:${encode(secret)}`))).toEqual({
          method: "client_secret_basic",
          clientId,
          secret,
        });
      }),
    ));

  test("reads or refuses any header without throwing", () =>
    fc.assert(
      fc.property(
        fc.oneof(
          anyText,
          anyText.map((text) => `Basic ${text}`),
          fc.base64String().map((text) => `Basic ${text}`),
        ),
        (authorization) => {
          const presented = readClientAuthentication(authorization, formOf(""));
          return presented.ok || ["basic_malformed", "authorization_scheme_unsupported"].includes(presented.reason);
        },
      ),
    ));
});

describe("RFC 6750 §2.1: the bearer token in the Authorization header", () => {
  const bearer = (authorization: string | undefined): string => {
    const token = readBearer(authorization);
    return token.ok ? token.value.reveal() : token.reason;
  };

  test("answers bearer_missing without a header", () => expect(bearer(undefined)).toBe("bearer_missing"));

  test.each([
    "",
    "Bearer",
    "Bearer ",
    "Bearer\tabc",
    " Bearer abc",
    "Bearer abc ",
    "Bearer abc\n",
    "Bearer abc, Bearer def",
    "Bearer abc def",
    "Bearer abc,def",
    "Bearer abc=d",
    "Bearer =",
    "Bearer é",
    "Bearerabc",
    "Basic abc",
    'Bearer "abc"',
    `Bearer ${"a".repeat(8193)}`,
  ])("RG-09: %j is bearer_malformed", (authorization) => expect(bearer(authorization)).toBe("bearer_malformed"));

  test.each([
    ["Bearer sym_at_abc", "sym_at_abc"],
    ["bearer abc", "abc"],
    ["BEARER a-._~+/b==", "a-._~+/b=="],
    ["Bearer   abc", "abc"],
  ])("RG-09: reads from %j the token %j", (authorization, token) => expect(bearer(authorization)).toBe(token));
});

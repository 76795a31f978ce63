import { describe, expect, test } from "vitest";
import { isLoopbackRedirect, matchRedirectUri } from "./redirect-uri.ts";

const registered = "https://good.example/cb";
const unregistered = {
  "AZ-01: another path, query, fragment or no scheme": [
    `${registered}/`,
    "https://good.example/CB",
    `${registered}?x=1`,
    `${registered}#f`,
    `${registered}?`,
    `${registered}#`,
    "//good.example/cb",
    "good.example/cb",
    "/cb",
    "",
    "https://good.example",
  ],
  "AZ-02: a host that begins or ends alike": [
    "https://good.example.evil.example/cb",
    "https://good.examplex/cb",
    "https://xgood.example/cb",
    "https://x.good.example/cb",
    "https://good.example.evil.example",
    "https://evil.example/https://good.example/cb",
  ],
  "AZ-03: user information": [
    "https://good.example@evil.example/cb",
    "https://good.example%2f@evil.example/cb",
    "https://user:pw@good.example/cb",
    "https://@good.example/cb",
    "https://good.example:@evil.example/cb",
  ],
  "AZ-04: backslashes": [
    "https://good.example\\@evil.example/cb",
    "https:\\\\good.example\\cb",
    "https://good.example\\cb",
    "https:/\\good.example/cb",
    "https:good.example/cb",
  ],
  "AZ-05: dot segments and escapes": [
    "https://good.example/a/../cb",
    "https://good.example/./cb",
    "https://good.example/cb/..%2f..%2fx",
    "https://good.example/%63b",
    `${registered}%00`,
    `${registered}%0d%0a`,
    `${registered}/%2e%2e/x`,
    "https://good.example//cb",
  ],
  "AZ-06: spellings that a parser folds": [
    "https://good.example:443/cb",
    "HTTPS://GOOD.EXAMPLE/cb",
    "https://GOOD.example/cb",
    "https://good.example:/cb",
    "Https://good.example/cb",
    "http://good.example/cb",
  ],
  "AZ-07: hosts beyond ASCII": [
    "https://good。example/cb",
    "https://ɡood.example/cb",
    "https://①②⑦.0.0.1/cb",
    "https://good.example./cb",
    "https://\u202egood.example/cb",
    "https://go\u200bod.example/cb",
    "https://good.example\u00ad/cb",
    "https://xn--ood-8tb.example/cb",
  ],
  "AZ-08: tabs and line breaks": [
    "java\tscript:alert(1)",
    `${registered}?x=1\n&y`,
    "https://good.example/\tcb",
    "ht\ntps://good.example/cb",
    ` ${registered}`,
    `${registered} `,
    `${registered}\n`,
    "https://good.example/c\rb",
  ],
  "AZ-11: characters of a pattern": [
    "https://goodXexample/cb",
    "https://good.example/c*",
    "https://*.example/cb",
    "https://.*",
    "*",
  ],
};

describe("RFC 9700 §2.1: redirect URIs are compared byte for byte", () => {
  describe.each(Object.entries(unregistered))("%s", (_, uris) => {
    test.each(uris)("rejects %j", (uri) =>
      expect(matchRedirectUri([registered, "https://good.example/other"], uri)).toBe(false),
    );
  });

  test("AZ-11: compares a registered pattern as literal text", () => {
    expect(
      matchRedirectUri(["https://*.good.example/cb", "https://good.example/.*"], "https://a.good.example/cb"),
    ).toBe(false);
    expect(matchRedirectUri(["https://good.example/.*"], "https://good.example/cb")).toBe(false);
  });

  test("matches nothing if none is registered", () => expect(matchRedirectUri([], registered)).toBe(false));

  test("matches the registered bytes at any place of the list", () =>
    expect(matchRedirectUri(["https://other.example/", registered], registered)).toBe(true));
});

describe("RFC 8252 §7.3: only the port of a registered loopback address may differ", () => {
  const loopbacks = ["http://127.0.0.1/cb", "http://[::1]/cb", "http://localhost/cb"];

  test.each([
    "http://localhost.evil.example/cb",
    "http://127.0.0.1.nip.io/cb",
    "http://0x7f.1/cb",
    "http://2130706433/cb",
    "http://[::ffff:127.0.0.1]/cb",
    "http://127.0.0.1/cb?x=1",
    "http://127.0.0.1:8080/cb?",
    "http://127.0.0.1:8080/cb/",
    "http://127.0.0.1:8080/CB",
    "http://127.0.0.1:8080",
    "http://127.1/cb",
    "http://127.0.0.2/cb",
    "http://LOCALHOST/cb",
    "http://localhost./cb",
    "http://[0:0:0:0:0:0:0:1]/cb",
    "http://[::1%25lo]/cb",
    "https://127.0.0.1/cb",
    "http://127.0.0.1:/cb",
    "http://127.0.0.1:0/cb",
    "http://127.0.0.1:080/cb",
    "http://127.0.0.1:65536/cb",
    "http://127.0.0.1:123456/cb",
    "http://127.0.0.1:8080@evil.example/cb",
    "http://127.0.0.1:8080:80/cb",
    "http://127.0.0.1:8080\\@evil.example/cb",
    "http://127.0.0.1:+80/cb",
    "http://127.0.0.1: 80/cb",
    "http://127.0.0.1:8a/cb",
    "http://user@127.0.0.1:8080/cb",
    "http://127.0.0.1:8080/cb#",
    "HTTP://127.0.0.1/cb",
  ])("AZ-10: rejects %s", (uri) => expect(matchRedirectUri(loopbacks, uri)).toBe(false));

  test.each([
    ["http://127.0.0.1/cb", "http://localhost:8080/cb"],
    ["http://localhost/cb", "http://127.0.0.1:8080/cb"],
    ["http://[::1]/cb", "http://localhost:8080/cb"],
    ["http://127.0.0.1/cb", "http://[::1]:8080/cb"],
  ])("AZ-10: registered %s, received %s: loopback names are not interchangeable", (ours, theirs) =>
    expect(matchRedirectUri([ours], theirs)).toBe(false),
  );

  test("requires the same port for any other host", () => {
    expect(matchRedirectUri([registered], "https://good.example:8443/cb")).toBe(false);
    expect(matchRedirectUri(["https://127.0.0.1/cb"], "https://127.0.0.1:8443/cb")).toBe(false);
  });

  test.each([
    "http://127.0.0.1:51004/cb",
    "http://127.0.0.1:1/cb",
    "http://127.0.0.1:65535/cb",
    "http://127.0.0.1/cb",
    "http://[::1]:51004/cb",
    "http://localhost:51004/cb",
  ])("AZ-10: accepts %s", (uri) => expect(matchRedirectUri(loopbacks, uri)).toBe(true));

  test("AZ-10: ignores a registered port, but not a registered query", () => {
    expect(matchRedirectUri(["http://127.0.0.1:3000/cb?a=1"], "http://127.0.0.1:4000/cb?a=1")).toBe(true);
    expect(matchRedirectUri(["http://127.0.0.1:3000/cb?a=1"], "http://127.0.0.1:4000/cb?a=2")).toBe(false);
  });

  test("recognizes loopback addresses", () => {
    for (const uri of loopbacks) expect(isLoopbackRedirect(uri)).toBe(true);
    for (const uri of [
      registered,
      "https://localhost/cb",
      "http://localhost.evil.example/",
      "http://localhostx/",
      "com.example.app:/cb",
    ])
      expect(isLoopbackRedirect(uri)).toBe(false);
  });
});

describe("RFC 8252 §7.1: a private-use scheme", () => {
  test("AZ-18: compares a private scheme byte for byte", () => {
    for (const uri of [
      "com.example.app:/cb/",
      "com.example.app://cb",
      "com.example.app2:/cb",
      "COM.example.app:/cb",
      "com.example.app:/cb?x",
    ])
      expect(matchRedirectUri(["com.example.app:/cb"], uri)).toBe(false);
    expect(matchRedirectUri(["com.example.app:/cb"], "com.example.app:/cb")).toBe(true);
  });
});

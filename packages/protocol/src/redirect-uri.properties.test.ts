import fc from "fast-check";
import { describe, test } from "vitest";
import { isLoopbackRedirect, matchRedirectUri, describeRedirectUriProblem } from "./redirect-uri.ts";

/** Any text, lone surrogates included. */
const anyText = fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)) });

const piece = fc.constantFrom(
  "http://",
  "https://",
  "com.example.app:/",
  "javascript:",
  "127.0.0.1",
  "[::1]",
  "localhost",
  "good.example",
  "evil.example",
  "0x7f.1",
  "2130706433",
  "xn--",
  ".",
  "..",
  "/",
  "//",
  "\\",
  "@",
  ":",
  ":80",
  ":443",
  ":8080",
  ":0",
  ":65536",
  "?",
  "?x=1",
  "#",
  "#f",
  "%",
  "%2e",
  "%2f",
  "%00",
  "%41",
  "a",
  "A",
  "*",
  " ",
  "\t",
  "\n",
  "é",
  "。",
  "①",
  "\u202e",
  "\0",
  "'",
  '"',
  "<",
  "{",
  "|",
  ";",
);
const hostile = fc.oneof(
  fc.array(piece, { maxLength: 10 }).map((parts) => parts.join("")),
  anyText,
);
const likely = fc
  .tuple(
    fc.constantFrom("http://", "https://", "HTTP://"),
    fc.constantFrom("127.0.0.1", "[::1]", "localhost", "good.example", "LOCALHOST", "127.1", "good.example."),
    fc.constantFrom("", ":80", ":443", ":8080", ":", ":0", ":65536", ":080"),
    fc.constantFrom("", "/", "/cb", "/cb/", "/cb?x=1", "/cb?", "/a/../cb", "/%63b", "/c\tb", "/cb#"),
  )
  .map((parts) => parts.join(""));
const uri = fc.oneof(hostile, likely);
const type = fc.constantFrom("public" as const, "confidential" as const);

/** Where a browser would go, without the port. */
const target = (text: string): string => {
  const { protocol, username, password, hostname, pathname, search, hash } = new URL(text);
  return JSON.stringify([protocol, username, password, hostname, pathname, search, hash]);
};

describe("RFC 9700 §2.1: the comparison is at least as strict as a browser", () => {
  test("matches only what leads a browser to the same place", () =>
    fc.assert(
      fc.property(uri, uri, type, (ours, theirs, by) => {
        if (describeRedirectUriProblem(ours, by) !== undefined || !matchRedirectUri([ours], theirs)) return true;
        return (
          target(ours) === target(theirs) && (isLoopbackRedirect(ours) || new URL(ours).port === new URL(theirs).port)
        );
      }),
      { numRuns: 4000 },
    ));

  test("accepts valid port numbers only, for a loopback address", () =>
    fc.assert(
      fc.property(
        fc.constantFrom("127.0.0.1", "[::1]", "localhost"),
        fc.oneof(fc.nat(100_000).map(String), fc.string()),
        (host, port) => {
          const matched = matchRedirectUri([`http://${host}/cb`], `http://${host}:${port}/cb`);
          return matched === (/^[1-9][0-9]{0,4}$/.test(port) && Number(port) <= 65_535);
        },
      ),
    ));

  test("accepts for registration only URLs that browsers do not rewrite, and that match themselves", () =>
    fc.assert(
      fc.property(uri, type, (text, by) => {
        if (describeRedirectUriProblem(text, by) !== undefined) return true;
        const { href, protocol } = new URL(text);
        return (
          (href === text || href === `${text}/`) &&
          (protocol === "https:" || isLoopbackRedirect(text) || protocol.includes(".")) &&
          matchRedirectUri([text], text)
        );
      }),
      { numRuns: 4000 },
    ));

  test("matches equal bytes only, apart from the loopback port", () =>
    fc.assert(
      fc.property(
        uri,
        uri,
        (ours, theirs) => ours === theirs || isLoopbackRedirect(ours) || !matchRedirectUri([ours], theirs),
      ),
      { numRuns: 2000 },
    ));

  test("accepts ordinary web addresses for registration", () =>
    fc.assert(
      fc.property(fc.webUrl({ validSchemes: ["https"], authoritySettings: { withPort: false } }), (text) => {
        const { href } = new URL(text);
        return (
          href !== text ||
          /[*'`{|}^]|%(?:00|0[ad])|%2e|%2f|%5c/i.test(text) ||
          describeRedirectUriProblem(text, "confidential") === undefined
        );
      }),
    ));
});

import { describe, expect, test } from "vitest";
import { decodeBase64, decodeBase64Url } from "./base64.ts";
import { readBearer, readClientAuthentication } from "./client-authentication.ts";
import { parseForm, type Form } from "./form.ts";
import { isCodeChallenge, isCodeVerifier } from "./pkce.ts";
import { isLoopbackRedirect, matchRedirectUri, describeRedirectUriProblem } from "./redirect-uri.ts";
import { isResourceIndicator, resolveResources } from "./resource-indicator.ts";
import { parseScope } from "./scope.ts";
import { isGrantId, parseToken } from "./token.ts";

const emptyForm: Form = Object.assign(new Map<string, string>(), { resources: [], repeated: [] });

const readers: Record<string, (text: string) => unknown> = {
  parseForm,
  decodeBase64,
  decodeBase64Url,
  parseScope,
  parseToken,
  isGrantId,
  isCodeChallenge,
  isCodeVerifier,
  isLoopbackRedirect,
  isResourceIndicator,
  readBearer: (text) => readBearer(`Bearer ${text}`),
  readClientAuthentication: (text) => readClientAuthentication(`Basic ${text}`, emptyForm),
  matchRedirectUri: (text) => matchRedirectUri(["http://127.0.0.1/cb", "https://good.example/cb", text], `${text} `),
  describeRedirectUriProblem: (text) => describeRedirectUriProblem(text, "public"),
  resolveResources: (text) => resolveResources([text], [`${text}/`, "https://api.example/"]),
};

const patterns = [
  "a",
  "A",
  "=",
  "==a",
  "a=",
  "a&",
  "&",
  "a=1&",
  "%",
  "%2",
  "%61",
  "%FF",
  "%C3%A9",
  "+",
  " ",
  "a ",
  "\t",
  "\n",
  "\0",
  "/",
  "/.",
  "/..",
  "/%2e",
  "a.",
  "a-",
  ".",
  "-",
  ":",
  ":1",
  "@",
  "[",
  "::",
  "\\",
  "?",
  "#",
  "é",
  "😀",
  "Zg==",
];
const openings = [
  "",
  "https://",
  "https://a",
  "https://a/",
  "http://127.0.0.1:",
  "http://127.0.0.1/",
  "com.",
  "a.a:/",
  "sym_at_",
];

const small = 8_192;
const large = 65_536;
const limit = 32;

/**
 * The best of a few runs, in microseconds of processor time of this thread, and at least the resolution of the clock.
 */
function cost(reader: (text: string) => unknown, text: string): number {
  let best = Infinity;
  for (let run = 0; run < 3; run++) {
    const before = process.threadCpuUsage();
    reader(text);
    const spent = process.threadCpuUsage(before);
    best = Math.min(best, spent.user + spent.system);
  }
  return Math.max(best, 100);
}

/**
 * How many times longer the large text takes. A busy machine spoils measurements, so a bad one is repeated: quadratic
 * growth is bad every time.
 */
function growth(reader: (text: string) => unknown, fill: (length: number) => string): number {
  let best = Infinity;
  for (let attempt = 0; attempt < 6 && best >= limit; attempt++)
    best = Math.min(best, cost(reader, fill(large)) / cost(reader, fill(small)));
  return best;
}

const filled = (opening: string, pattern: string, length: number): string =>
  `${(opening + pattern.repeat(length)).slice(0, length - 1)}!`;

describe("HT-07: parsing time grows in proportion to the length of the text", () => {
  test.each(Object.entries(readers))("%s", (_, reader) => {
    for (const opening of openings)
      for (const pattern of patterns)
        expect(
          growth(reader, (length) => filled(opening, pattern, length)),
          `${opening}${pattern}${pattern}…`,
        ).toBeLessThan(limit);
  });

  test("the measurement tells linear from quadratic growth", () => {
    const quadratic = (text: string): boolean => /a*b/.test(text.slice(0, text.length / 8));
    expect(growth(quadratic, (length) => "a".repeat(length))).toBeGreaterThan(limit);
  });
});

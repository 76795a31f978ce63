import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  encodePointer,
  formatToken,
  grantIdFromBytes,
  grantIdToBytes,
  isGrantId,
  parseToken,
  tokenPrefixes,
  type TokenKind,
  type TokenPointer,
} from "./token.ts";
import type { GrantId } from "./types.ts";

/** Any text, lone surrogates included. */
const anyCodeUnit = fc.nat(0xffff).map((code) => String.fromCharCode(code));
const anyText = fc.string({ unit: anyCodeUnit });

const kind = fc.constantFrom<TokenKind>("access", "refresh", "code");
const grantId = fc.uint8Array({ minLength: 16, maxLength: 16 }).map(grantIdFromBytes);
const mac = fc.uint8Array({ minLength: 20, maxLength: 20 });
const pointer: fc.Arbitrary<TokenPointer> = fc.record({
  keyId: fc.nat(255),
  grantId,
  generation: fc.nat(2 ** 32 - 1),
  issuedAt: fc.nat(2 ** 40 - 1),
  variant: fc.nat(65_535),
});
const token = fc.tuple(kind, pointer, mac).map(([ofKind, of, by]) => formatToken(ofKind, encodePointer(of), by));

/** Whether the text is not a token, or is the canonical text of one. */
const isNoneOrItself = (text: string): boolean => {
  const read = parseToken(text);
  return read === undefined || formatToken(read.kind, read.body, read.mac) === text;
};

const example = formatToken(
  "access",
  encodePointer({
    keyId: 1,
    grantId: "0190f5e4-7c3a-7d2e-9b1f-00112233aabb" as GrantId,
    generation: 2,
    issuedAt: 1_790_000_000,
    variant: 3,
  }),
  new Uint8Array(20).fill(0xa5),
);

describe("the layout of a token (decision 0001)", () => {
  test("reads a token that an earlier version has issued", () =>
    expect(example).toBe("sym_at_AQGQ9eR8On0umx8AESIzqrsAAAACAGqxO4AAA6WlpaWlpaWlpaWlpaWlpaWlpaWl"));

  test("reads back what was written", () =>
    fc.assert(
      fc.property(kind, pointer, mac, (ofKind, of, by) => {
        const body = encodePointer(of);
        expect(parseToken(formatToken(ofKind, body, by))).toEqual({ kind: ofKind, pointer: of, body, mac: by });
      }),
    ));

  test("holds the largest value of every field", () => {
    const largest = {
      keyId: 255,
      grantId: "ffffffff-ffff-ffff-ffff-ffffffffffff" as GrantId,
      generation: 2 ** 32 - 1,
      issuedAt: 2 ** 40 - 1,
      variant: 65_535,
    };
    expect(parseToken(formatToken("refresh", encodePointer(largest), new Uint8Array(20)))?.pointer).toEqual(largest);
  });

  test("RFC 6750 §2.1: every token is a b64token of 71 characters", () =>
    fc.assert(fc.property(token, (text) => /^sym_(?:at|rt|ac)_[A-Za-z0-9_-]{64}$/.test(text))));
});

describe("TK-07: kinds of tokens are never confused", () => {
  test("each kind has its own prefix, and is read as the same kind", () => {
    expect(new Set(Object.values(tokenPrefixes)).size).toBe(3);
    expect(parseToken(example)?.kind).toBe("access");
    expect(parseToken(example.replace("sym_at_", "sym_rt_"))?.kind).toBe("refresh");
  });

  test.each(["sym_cs_", "sym_dc_", "sym_se_", "sym_xx_", "SYM_AT_", "tok_at_"])(
    "a pointer behind %s is nothing",
    (prefix) => expect(parseToken(prefix + example.slice(7))).toBeUndefined(),
  );
});

describe("TK-08: each token has one canonical text", () => {
  test.each([
    ["nothing", ""],
    ["its prefix alone", "sym_at_"],
    ["cut short by one", example.slice(0, -1)],
    ["cut short by four", example.slice(0, -4)],
    ["longer by one", `${example}A`],
    ["padded", `${example}=`],
    ["a space before", ` ${example}`],
    ["a space after", `${example} `],
    ["a line break after", `${example}\n`],
    ["in quotes", `"${example}"`],
    ["percent-encoded", encodeURIComponent(example).replace("_", "%5F")],
    ["with a scheme", `Bearer ${example}`],
    ["an upper-case prefix", example.replace("sym_at_", "SYM_AT_")],
    ["plain base64", example.replace("_", "/")],
    ["a letter that folds into ASCII", `${example.slice(0, -1)}\u212a`],
    ["twice", example + example],
    ["NUL inside", `${example.slice(0, -1)}\0`],
  ])("rejects %s", (_, text) => expect(parseToken(text)).toBeUndefined());

  test("never reads two texts as the same token", () =>
    fc.assert(
      fc.property(token, fc.nat(70), fc.constantFrom(..."ABab01_-=+/. \n"), (text, at, char) =>
        isNoneOrItself(text.slice(0, at) + char + text.slice(at + 1)),
      ),
      { numRuns: 1000 },
    ));

  test("reads another token, or none, after a change of case", () =>
    fc.assert(fc.property(token, (text) => isNoneOrItself(text.toUpperCase()) && isNoneOrItself(text.toLowerCase()))));

  test("IN-08: reads or rejects any text without throwing", () =>
    fc.assert(
      fc.property(
        fc.oneof(
          anyText,
          fc.string({ unit: anyCodeUnit, minLength: 64, maxLength: 64 }).map((text) => `sym_at_${text}`),
        ),
        isNoneOrItself,
      ),
    ));
});

describe("grant ids", () => {
  test.each([
    "",
    "0190F5E4-7c3a-7d2e-9b1f-00112233aabb",
    "0190f5e47c3a7d2e9b1f00112233aabb",
    "0190f5e4-7c3a-7d2e-9b1f-00112233aabb\n",
    "{0190f5e4-7c3a-7d2e-9b1f-00112233aabb}",
  ])("rejects %j", (text) => expect(isGrantId(text)).toBe(false));

  test("converts text to bytes and back", () =>
    fc.assert(
      fc.property(grantId, (id) => {
        expect(isGrantId(id)).toBe(true);
        expect(grantIdFromBytes(grantIdToBytes(id))).toBe(id);
      }),
    ));

  test("writes a UUID", () => {
    const bytes = Uint8Array.from({ length: 16 }, (_, at) => at * 17);
    expect(grantIdFromBytes(bytes)).toBe("00112233-4455-6677-8899-aabbccddeeff");
  });
});

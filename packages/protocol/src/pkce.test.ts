import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeBase64Url } from "./base64.ts";
import { isCodeChallenge, isCodeVerifier } from "./pkce.ts";

const challengeOf = (verifier: string): string => encodeBase64Url(createHash("sha256").update(verifier).digest());
const unreserved = fc.constantFrom(..."ABCxyz019-._~");

describe("RFC 7636 §4.1: the code verifier", () => {
  test.each([
    ["nothing", ""],
    ["42 characters", "a".repeat(42)],
    ["129 characters", "a".repeat(129)],
    ["a space", `${"a".repeat(43)} `],
    ["a plus sign", "+".repeat(43)],
    ["a line break at the end", `${"a".repeat(43)}\n`],
    ["a letter beyond ASCII", "é".repeat(43)],
    ["padding", `${"a".repeat(43)}=`],
  ])("AP-04: rejects %s", (_, verifier) => expect(isCodeVerifier(verifier)).toBe(false));

  test("accepts 43 to 128 unreserved characters", () =>
    fc.assert(fc.property(fc.string({ unit: unreserved, minLength: 43, maxLength: 128 }), isCodeVerifier)));
});

describe("RFC 7636 §4.2: the code challenge", () => {
  const challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

  test.each([
    ["nothing", ""],
    ["42 characters", challenge.slice(1)],
    ["44 characters", `A${challenge}`],
    ["padding", `${challenge}=`],
    ["plain base64", challenge.replace("-", "+")],
    ["slack bits in the last character", `${challenge.slice(0, -1)}N`],
    ["a line break at the end", `${challenge.slice(0, -1)}\n`],
    ["hex", "a".repeat(64)],
  ])("AP-02: rejects %s", (_, text) => expect(isCodeChallenge(text)).toBe(false));

  test("accepts the base64url of any 32 bytes, and nothing else", () =>
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (hash) => isCodeChallenge(encodeBase64Url(hash))),
    ));
});

test("RFC 7636 Appendix B: accepts the verifier and the challenge of the example", () => {
  const octets = [
    116, 24, 223, 180, 151, 153, 224, 37, 79, 250, 96, 125, 216, 173, 187, 186, 22, 212, 37, 77, 105, 214, 191, 240, 91,
    88, 5, 88, 83, 132, 141, 121,
  ];
  const verifier = encodeBase64Url(Uint8Array.from(octets));
  expect(verifier).toBe("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
  expect(isCodeVerifier(verifier)).toBe(true);
  expect(challengeOf(verifier)).toBe("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
  expect(isCodeChallenge(challengeOf(verifier))).toBe(true);
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeBase64, decodeBase64Url, encodeBase64Url } from "./base64.ts";

const bytes = fc.uint8Array({ maxLength: 100 });

describe("RFC 4648 §5: unpadded base64url", () => {
  test.each([
    ["padding", "Zg=="],
    ["a character of plain base64", "+/+/"],
    ["a length that no bytes have", "Zm9vY"],
    ["slack bits", "Zh"],
    ["a line break", "Zm9v\n"],
    ["a space", " Zm9v"],
    ["a letter beyond ASCII", "Zm9é"],
    ["a letter that folds into ASCII", "Zm9K".replace("K", "\u212a")],
  ])("rejects %s", (_, text) => expect(decodeBase64Url(text)).toBeUndefined());

  test("decodes what it has encoded", () =>
    fc.assert(
      fc.property(bytes, (value) => {
        expect(decodeBase64Url(encodeBase64Url(value))).toEqual(value);
      }),
    ));

  test("encodes as the platform does", () =>
    fc.assert(fc.property(bytes, (value) => encodeBase64Url(value) === Buffer.from(value).toString("base64url"))));

  test("never decodes two texts to the same bytes", () =>
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."AQZgw_-09="), maxLength: 12 }), (text) => {
        const decoded = decodeBase64Url(text);
        return decoded === undefined || encodeBase64Url(decoded) === text;
      }),
      { numRuns: 1000 },
    ));
});

describe("RFC 4648 §4: padded base64", () => {
  test.each([
    ["missing padding", "Zg"],
    ["half of the padding", "Zg="],
    ["more padding than needed", "Zm9v===="],
    ["padding alone", "===="],
    ["junk after the padding", "Zg==!!@@"],
    ["padding inside", "Zg==Zg=="],
    ["slack bits", "Zh=="],
    ["a character of base64url", "Zm-_"],
    ["a line break", "Zm9v\nZm9v"],
  ])("rejects %s", (_, text) => expect(decodeBase64(text)).toBeUndefined());

  test.each([
    ["", ""],
    ["Zg==", "f"],
    ["Zm8=", "fo"],
    ["Zm9v", "foo"],
    ["Zm9vYg==", "foob"],
    ["Zm9vYmE=", "fooba"],
    ["Zm9vYmFy", "foobar"],
  ])("RFC 4648 §10: decodes %j to %j", (text, value) => expect(decodeBase64(text)).toBe(value));

  test("accepts only the text that the platform would encode", () =>
    fc.assert(
      fc.property(
        fc.oneof(fc.base64String(), fc.string({ unit: fc.constantFrom(..."AQZgw/+09="), maxLength: 12 })),
        (text) => {
          const decoded = decodeBase64(text);
          return decoded === undefined || Buffer.from(decoded, "latin1").toString("base64") === text;
        },
      ),
      { numRuns: 1000 },
    ));
});

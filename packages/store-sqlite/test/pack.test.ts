import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { oddTexts } from "@symbolon/testing";
import { packDigest, packResource, packUuid, unpackDigest, unpackResource, unpackUuid } from "../src/pack.ts";

const uuid = fc.uuid();
const digest = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString("base64url"));
const near = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom(...oddTexts),
  uuid,
  uuid.map((id) => id.toUpperCase()),
  uuid.map((id) => `Company/${id}`),
  uuid.map((id) => `/${id}`),
  uuid.map((id) => `Firma ß/${id}`),
  digest,
  digest.map((text) => `${text.slice(0, -1)}B`),
);

describe("ST-05: packed identifiers", () => {
  const forms = [
    ["a UUID", packUuid, unpackUuid],
    ["a resource", packResource, unpackResource],
    ["a digest", packDigest, unpackDigest],
  ] as const;

  test.each(forms)("%s: every text comes back as it was, so no two share a form", (_, pack, unpack) => {
    fc.assert(fc.property(near, (text) => unpack(pack(text)) === text));
  });

  test.each(forms)("%s: text with a lone surrogate is refused", (_, pack) => {
    expect(() => pack("\ud800")).toThrow(/lone surrogate/);
    expect(() => pack("\ud800/0d0f6a52-0000-4000-8000-000000000001")).toThrow(/lone surrogate/);
  });

  test("what grants mostly hold is stored in a fraction of its length", () => {
    expect(packUuid("0d0f6a52-0000-4000-8000-000000000001")).toHaveLength(16);
    expect(packResource("Company/0d0f6a52-0000-4000-8000-000000000001")).toHaveLength(23);
    expect(packDigest("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")).toHaveLength(32);
  });
});

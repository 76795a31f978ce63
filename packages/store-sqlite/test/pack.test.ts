import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { oddTexts } from "@symbolon/testing";
import {
  packClientId,
  packDigest,
  packResource,
  packUuid,
  unpackClientId,
  unpackDigest,
  unpackResource,
  unpackUuid,
} from "../src/pack.ts";

const uuid = fc.uuid();
const digest = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString("base64url"));
const clientId = fc.stringMatching(/^app_[0-9a-hjkmnp-tv-z]{16}$/);
const near = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom(...oddTexts),
  uuid,
  uuid.map((id) => id.toUpperCase()),
  uuid.map((id) => `Company/${id}`),
  uuid.map((id) => `/${id}`),
  uuid.map((id) => `Firma ß/${id}`),
  clientId,
  clientId.map((id) => id.replace(/.$/, "u")),
  clientId.map((id) => id.toUpperCase()),
  clientId.map((id) => `${id}0`),
  digest,
  digest.map((text) => `${text.slice(0, -1)}B`),
);

describe("ST-05: packed identifiers", () => {
  const forms = [
    ["a UUID", packUuid, unpackUuid],
    ["a resource", packResource, unpackResource],
    ["a client id", packClientId, unpackClientId],
    ["a digest", packDigest, unpackDigest],
  ] as const;

  test.each(forms)("%s: every text is unpacked as it was packed, so no two texts share a form", (_, pack, unpack) => {
    fc.assert(
      fc.property(near, (text) => unpack(pack(text)) === text),
      { numRuns: 500 },
    );
  });

  test.each(forms)("%s: text with a lone surrogate is refused", (_, pack) => {
    expect(() => pack("\ud800")).toThrow(/lone surrogate/);
    expect(() => pack("\ud800/0d0f6a52-0000-4000-8000-000000000001")).toThrow(/lone surrogate/);
  });

  test("the values of most grants are stored in a fraction of their length", () => {
    expect(packUuid("0d0f6a52-0000-4000-8000-000000000001")).toHaveLength(16);
    expect(packResource("Company/0d0f6a52-0000-4000-8000-000000000001")).toHaveLength(23);
    expect(packClientId("app_0123456789abcdef")).toHaveLength(10);
    expect(packDigest("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")).toHaveLength(32);
  });
});

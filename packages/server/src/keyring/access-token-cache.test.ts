import { Sealed, type GrantId } from "@symbolon/protocol";
import { expect, test, vi } from "vitest";
import { BoundedMap } from "../bounded-map.ts";
import { hmacKeyring } from "./hmac-keyring.ts";
import type { KeyringData } from "./keyring.ts";

const secret = Buffer.alloc(32, 7).toString("base64url");
const data: KeyringData = { format: 1, keys: [{ id: 1, secret, createdAt: 0, activeFrom: 0 }], pepper: secret };
const grantId = "019a3c5e-7f00-7abc-8def-0123456789ab" as GrantId;

test("a verified access token is cached until 40,000 others were read; refused tokens take no place", () => {
  const ring = hmacKeyring(() => data);
  const access = (generation: number) =>
    ring.mint("access", { grantId, generation, issuedAt: 5, variant: 0 }, 0).reveal();
  const token = access(0);
  const first = ring.read("access", new Sealed(token));
  const forged = access(1).slice(0, -6);
  let accepted = 0;
  for (let count = 0; count < 41_000; count++)
    if (ring.read("access", new Sealed(forged + String(count).padStart(6, "0")))) accepted++;
  expect(accepted).toBe(0);
  expect(ring.read("access", new Sealed(token))).toBe(first);
  for (let generation = 1; generation <= 40_000; generation++) ring.read("access", new Sealed(access(generation)));
  const again = ring.read("access", new Sealed(token));
  expect(again).toEqual(first);
  expect(again).not.toBe(first);
}, 60_000);

test("a text of another length than a token is not looked up in the cache (HT-15)", () => {
  const ring = hmacKeyring(() => data);
  const token = ring.mint("access", { grantId, generation: 0, issuedAt: 5, variant: 0 }, 0).reveal();
  const lookUp = vi.spyOn(BoundedMap.prototype, "get");
  try {
    for (const text of ["", token.slice(1), `${token}A`, token.repeat(10_000)])
      expect(ring.read("access", new Sealed(text))).toBeUndefined();
    expect(lookUp).not.toHaveBeenCalled();
    expect(ring.read("access", new Sealed(token))).toMatchObject({ grantId });
    expect(lookUp).toHaveBeenCalledOnce();
  } finally {
    lookUp.mockRestore();
  }
});

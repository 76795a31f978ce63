import { expect, test } from "vitest";
import { makeGrant } from "../../test/grant.ts";
import type { Grant } from "./grant.ts";
import { isSweepable } from "./sweep.ts";

const day = 86_400;
const offer = { redirectUri: "https://app.example/", expiresAt: 1000, failures: 0 };

test.each<[string, Partial<Grant>, number | undefined]>([
  ["a day after its code, an offered grant", { state: "offered", offer, expiresAt: 0, revokedAt: 0 }, 1000 + day],
  ["never, an offered grant without a code", { state: "offered", expiresAt: 0, revokedAt: 0 }, undefined],
  ["a week after its idle end, an active grant", { idleExpiresAt: 1000, revokedAt: 0, offer }, 1000 + 7 * day],
  ["a week after its absolute end, an active grant", { expiresAt: 1000, revokedAt: 0 }, 1000 + 7 * day],
  ["a week after, a revoked grant", { state: "revoked", revokedAt: 1000, expiresAt: 0, offer }, 1000 + 7 * day],
  ["never, a revoked grant without a time", { state: "revoked", expiresAt: 0 }, undefined],
])("a sweep removes %s", (_, changes, from) => {
  const grant = makeGrant(changes);
  if (from === undefined) expect(isSweepable(grant, 1e9)).toBe(false);
  else expect([from - 1, from, from + 1].map((now) => isSweepable(grant, now))).toEqual([false, true, true]);
});

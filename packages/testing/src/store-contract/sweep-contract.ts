import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { EpochSeconds } from "@symbolon/protocol";
import {
  endedRetentionSeconds,
  hasExpired,
  isSweepable,
  offerRetentionSeconds,
  type Grant,
  type Store,
} from "@symbolon/server";
import { anyGrants } from "../arbitraries.ts";
import {
  exampleDigest,
  exampleGrant,
  exampleGrantId,
  exampleNow,
  exampleSession,
  exampleClientCredentialsGrant,
} from "../examples.ts";
import type { CurrentStore } from "./current-store.ts";

/** Sweeps until every row has been looked at, however many rows one call looks at. */
async function sweepAll(store: Store, now: EpochSeconds, limit: number, rows: number): Promise<number> {
  let removed = 0;
  for (let call = 0; call < 8 + 8 * rows; call++) {
    const removedNow = await store.sweep(now, limit);
    expect(removedNow).toBeLessThanOrEqual(limit);
    removed += removedNow;
  }
  return removed;
}

const idsOf = async (store: Store): Promise<string[]> =>
  (await store.grants.list({ limit: 999 })).map(({ id }) => id).sort();

export function sweepContract(store: CurrentStore, openStore: () => Store | Promise<Store>): void {
  describe("R-23: sweeping", () => {
    const kept: [string, Grant, EpochSeconds][] = [
      ["a live grant", exampleGrant(), exampleNow],
      ["a client-credentials grant", exampleClientCredentialsGrant(), exampleNow],
      [
        "an idle grant, a second short of a week",
        exampleGrant({ idleExpiresAt: exampleNow }),
        exampleNow + endedRetentionSeconds - 1,
      ],
      ["an offer, a second short of a day", offer(exampleNow), exampleNow + offerRetentionSeconds - 1],
      ["a revoked grant, a second short of a week", revoked(exampleNow), exampleNow + endedRetentionSeconds - 1],
      ["a revoked grant that expired long before", revoked(exampleNow, { expiresAt: 1, idleExpiresAt: 1 }), exampleNow],
    ];
    test.each(kept)("keeps %s", async (_, grant, now) => {
      await store().grants.insert(grant);
      expect(await sweepAll(store(), now, 5, 1)).toBe(0);
      expect(await store().grants.find(grant.id)).toStrictEqual(grant);
    });

    const removed: [string, Grant, EpochSeconds][] = [
      ["an idle grant, a week after", exampleGrant({ idleExpiresAt: exampleNow }), exampleNow + endedRetentionSeconds],
      [
        "an expired grant, a week after",
        exampleGrant({ idleExpiresAt: exampleNow, expiresAt: exampleNow }),
        exampleNow + endedRetentionSeconds,
      ],
      ["an unredeemed offer, a day after its code expired", offer(exampleNow), exampleNow + offerRetentionSeconds],
      ["a revoked grant, a week after", revoked(exampleNow), exampleNow + endedRetentionSeconds],
    ];
    test.each(removed)("removes %s", async (_, grant, now) => {
      await store().grants.insert(grant);
      expect(await sweepAll(store(), now, 5, 1)).toBe(1);
      expect(await store().grants.find(grant.id)).toBeUndefined();
    });

    test("the store removes exactly the grants that isSweepable names, and never an active one", async () => {
      await fc.assert(
        fc.asyncProperty(anyGrants(12), fc.integer({ min: 1, max: 5 }), async (grants, limit) => {
          const fresh = await openStore();
          try {
            await Promise.all(grants.map((grant) => fresh.grants.insert(grant)));
            const removed = await sweepAll(fresh, exampleNow, limit, grants.length);
            const left = await idsOf(fresh);
            const isLive = (grant: Grant) => grant.state === "active" && !hasExpired(grant, exampleNow);
            expect(grants.filter(isLive).filter(({ id }) => !left.includes(id))).toEqual([]);
            expect(left).toEqual(grants.filter((grant) => !isSweepable(grant, exampleNow)).map(({ id }) => id));
            expect(removed).toBe(grants.length - left.length);
          } finally {
            await fresh.close();
          }
        }),
        { numRuns: 30 },
      );
    });

    test("one call removes at most its limit, and the next continues", async () => {
      const ended = Array.from({ length: 25 }, (_, n) =>
        exampleGrant({ id: exampleGrantId(n), idleExpiresAt: 0, expiresAt: 0 }),
      );
      await Promise.all(ended.map((grant) => store().grants.insert(grant)));
      expect(await sweepAll(store(), exampleNow, 4, 25)).toBe(25);
      expect(await idsOf(store())).toEqual([]);
    });

    test("revoked tokens, feed entries and sessions are removed in the second of their end, not before", async () => {
      await store().grants.insert(exampleGrant());
      await store().grants.change(exampleGrantId(1), () => ({
        answer: 1,
        revokedToken: { fingerprint: exampleDigest(1), until: exampleNow },
        feed: { at: exampleNow - 600, until: exampleNow, kind: "token", hash: exampleDigest(1) },
      }));
      await store().sessions.insert(exampleSession({ digest: exampleDigest(2), idleExpiresAt: exampleNow }));
      await store().sessions.insert(exampleSession({ digest: exampleDigest(3), expiresAt: exampleNow }));
      await store().sessions.insert(exampleSession({ digest: exampleDigest(4) }));

      expect(await sweepAll(store(), exampleNow - 1, 5, 5)).toBe(0);
      expect(await store().grants.isTokenRevoked(exampleDigest(1))).toBe(true);

      expect(await sweepAll(store(), exampleNow, 3, 5)).toBe(4);
      expect(await store().grants.isTokenRevoked(exampleDigest(1))).toBe(false);
      expect(await store().grants.revocations(0, 9)).toEqual([]);
      expect(await store().sessions.find(exampleDigest(2))).toBeUndefined();
      expect(await store().sessions.find(exampleDigest(3))).toBeUndefined();
      expect(await store().sessions.find(exampleDigest(4))).toBeDefined();
    });
  });
}

function offer(expiresAt: EpochSeconds): Grant {
  return exampleGrant({
    state: "offered",
    generation: 0,
    offer: { redirectUri: "https://good.example/cb", expiresAt, failures: 0 },
  });
}

function revoked(revokedAt: EpochSeconds, given: Partial<Grant> = {}): Grant {
  return exampleGrant({ state: "revoked", revokedAt, revokedBecause: "revoked_by_owner", ...given });
}

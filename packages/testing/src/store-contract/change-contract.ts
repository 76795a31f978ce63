import { beforeEach, describe, expect, test } from "vitest";
import type { AccountId, ClientId } from "@symbolon/protocol";
import type { Change, Grant, RevocationEntry } from "@symbolon/server";
import { exampleAccountId, exampleDigest, exampleGrant, exampleGrantId, exampleNow } from "../examples.ts";
import { isRefusal } from "./refusal.ts";
import type { CurrentStore } from "./current-store.ts";

const id = exampleGrantId(1);
const entry = (number: number, kind: RevocationEntry["kind"] = "grant"): RevocationEntry => ({
  at: exampleNow,
  until: exampleNow + 600,
  kind,
  hash: exampleDigest(number),
});

export function changeContract(store: CurrentStore): void {
  const find = () => store().grants.find(id);
  const change = <T>(decide: (grant: Grant) => Change<T>) => store().grants.change(id, (grant) => decide(grant!));

  describe("changing a grant in one step", () => {
    beforeEach(() => store().grants.insert(exampleGrant()));

    test("a decision that throws rejects with what it threw, and writes nothing", async () => {
      const thrown = new Error("no");
      const decide = () => {
        throw thrown;
      };
      await expect(change(decide)).rejects.toBe(thrown);
      expect(await find()).toStrictEqual(exampleGrant());
    });

    test("a decision that throws does not affect concurrent ones", async () => {
      const outcomes = await Promise.allSettled(
        Array.from({ length: 20 }, (_, turn) =>
          change((grant) => {
            if (turn % 4 === 3) throw new Error("no");
            return { answer: grant.generation, write: { ...grant, generation: grant.generation + 1 } };
          }),
        ),
      );
      expect(outcomes.filter(({ status }) => status === "rejected")).toHaveLength(5);
      expect(await find()).toMatchObject({ generation: 16, version: 16 });
    });

    const refused: [string, (grant: Grant) => Grant][] = [
      ["of an older version", (grant) => ({ ...grant, version: grant.version - 1 })],
      ["of another id", (grant) => ({ ...grant, id: exampleGrantId(2) })],
      ["of another application", (grant) => ({ ...grant, application: "app_two" as ClientId })],
      ["of another owner", (grant) => ({ ...grant, owner: exampleAccountId(2) })],
      ["that takes the owner away", (grant) => ({ ...grant, owner: null as AccountId | null })],
    ];
    test.each(refused)("a write %s is refused, together with its feed entry and revoked token", async (_, write) => {
      const wrong = change((grant) => ({
        answer: 1,
        write: write({ ...grant, generation: 9 }),
        feed: entry(1),
        revokedToken: { fingerprint: exampleDigest(1), until: exampleNow },
      }));
      await expect(wrong).rejects.toSatisfy(isRefusal);
      expect(await store().grants.list({ limit: 9 })).toStrictEqual([exampleGrant()]);
      expect(await store().grants.revocations(0, 9)).toEqual([]);
      expect(await store().grants.isTokenRevoked(exampleDigest(1))).toBe(false);
    });

    test("a grant that does not exist cannot be written", async () => {
      const unknown = exampleGrantId(404);
      await expect(
        store().grants.change(unknown, () => ({ answer: 1, write: exampleGrant({ id: unknown }) })),
      ).rejects.toSatisfy(isRefusal);
      expect(await store().grants.find(unknown)).toBeUndefined();
    });

    test("a decision about an unknown grant gets undefined", async () => {
      expect(await store().grants.change(exampleGrantId(404), (grant) => ({ answer: grant === undefined }))).toBe(true);
    });

    test("a decision without a write changes neither row nor version", async () => {
      expect(await change((grant) => ({ answer: grant.generation }))).toBe(1);
      expect(await find()).toStrictEqual(exampleGrant());
    });

    test("a decision that mutates its row writes nothing by that", async () => {
      await change((grant) => {
        grant.generation = 99;
        return { answer: 1 };
      });
      expect(await find()).toStrictEqual(exampleGrant());
    });

    test("a write replaces the row and increments its version", async () => {
      const written: Partial<Grant> = {
        state: "revoked",
        scope: ["a"],
        variants: [{ scope: ["a"], audiences: ["https://api.good.example"], lifetimeSeconds: 60 }],
        intent: exampleDigest(5),
        challenge: null,
        revokedAt: exampleNow,
        revokedBecause: "code_replayed",
        hasRevokedTokens: true,
      };
      await change((grant) => ({ answer: 1, write: { ...grant, ...written } }));
      expect(await find()).toStrictEqual(exampleGrant({ ...written, version: 2 }));
    });

    test("I1: two hundred concurrent changes happen one after the other", async () => {
      const seen = await Promise.all(
        Array.from({ length: 200 }, () =>
          change((grant) => ({ answer: grant.generation, write: { ...grant, generation: grant.generation + 1 } })),
        ),
      );
      expect(new Set(seen).size).toBe(200);
      expect(await find()).toMatchObject({ generation: 201, version: 201 });
    });

    test("I1: of two hundred concurrent redemptions, one succeeds", async () => {
      const offer = { redirectUri: "https://good.example/cb", expiresAt: exampleNow + 60, failures: 0 };
      const offered = exampleGrant({ id: exampleGrantId(2), state: "offered", generation: 0, offer });
      await store().grants.insert(offered);
      const redeem = (grant: Grant | undefined): Change<boolean> =>
        grant?.state === "offered"
          ? { answer: true, write: { ...grant, state: "active", generation: 1, offer: null } }
          : { answer: false };
      const outcomes = await Promise.all(Array.from({ length: 200 }, () => store().grants.change(offered.id, redeem)));
      expect(outcomes.filter(Boolean)).toHaveLength(1);
    });

    test("I5: a read that starts after a write resolved sees the write", async () => {
      for (let generation = 2; generation < 20; generation++) {
        await change((grant) => ({ answer: 1, write: { ...grant, generation } }));
        expect((await find())?.generation).toBe(generation);
      }
    });
  });

  describe("the revocation feed and revoked access tokens", () => {
    beforeEach(() => store().grants.insert(exampleGrant()));
    const append = (number: number) =>
      change(() => ({ answer: 1, feed: entry(number, number % 2 === 0 ? "grant" : "token") }));

    test("an empty feed has no entries", async () => {
      expect(await store().grants.revocations(0, 9)).toEqual([]);
    });

    test("a decision that throws adds no entry", async () => {
      const decide = () => {
        throw new Error("no");
      };
      await Promise.allSettled([append(1), change(decide), append(2)]);
      expect((await store().grants.revocations(0, 9)).map(({ hash }) => hash[0])).toEqual([1, 2]);
    });

    test("write, revoked token and feed entry appear together", async () => {
      const fingerprint = exampleDigest(7);
      expect(await store().grants.isTokenRevoked(fingerprint)).toBe(false);
      await change((grant) => ({
        answer: 1,
        write: { ...grant, hasRevokedTokens: true },
        revokedToken: { fingerprint, until: exampleNow + 600 },
        feed: entry(7, "token"),
      }));
      expect((await find())?.hasRevokedTokens).toBe(true);
      expect(await store().grants.isTokenRevoked(fingerprint)).toBe(true);
      expect(await store().grants.isTokenRevoked(exampleDigest(8))).toBe(false);
      expect(await store().grants.revocations(0, 9)).toStrictEqual([
        { ...entry(7, "token"), position: expect.any(Number) as number },
      ]);
    });

    test("revoking the same token twice keeps it revoked", async () => {
      const revoke = (until: number) =>
        change(() => ({ answer: 1, revokedToken: { fingerprint: exampleDigest(7), until } }));
      await revoke(exampleNow + 600);
      await revoke(exampleNow + 60);
      await sweepAll(exampleNow + 60);
      expect(await store().grants.isTokenRevoked(exampleDigest(7))).toBe(true);

      async function sweepAll(now: number): Promise<void> {
        for (let call = 0; call < 12; call++) await store().sweep(now, 10);
      }
    });

    test("entries are in commit order, and positions only grow", async () => {
      await Promise.all(Array.from({ length: 30 }, (_, number) => append(number)));
      const all = await store().grants.revocations(0, 99);
      expect(all.map(({ hash }) => hash[0])).toEqual(Array.from({ length: 30 }, (_, number) => number));
      const positions = all.map(({ position }) => position);
      expect(positions).toEqual([...new Set(positions)].sort((one, other) => one - other));
      expect(positions[0]).toBeGreaterThan(0);
    });

    test("a reader that continues from its position gets every entry once", async () => {
      const seen: number[] = [];
      let after = 0;
      for (let round = 0; round < 6; round++) {
        await Promise.all([append(round * 2), append(round * 2 + 1)]);
        const entries = await store().grants.revocations(after, 1 + (round % 2));
        seen.push(...entries.map(({ hash }) => hash[0]!));
        after = entries.at(-1)?.position ?? after;
      }
      const rest = await store().grants.revocations(after, 99);
      expect([...seen, ...rest.map(({ hash }) => hash[0]!)]).toEqual(Array.from({ length: 12 }, (_, number) => number));
    });

    test("I6: positions continue after the feed was swept empty", async () => {
      await append(1);
      const [first] = await store().grants.revocations(0, 9);
      for (let call = 0; call < 12; call++) await store().sweep(exampleNow + 601, 10);
      expect(await store().grants.revocations(0, 9)).toEqual([]);
      await append(2);
      expect((await store().grants.revocations(first!.position, 9)).map(({ hash }) => hash[0])).toEqual([2]);
    });
  });
}

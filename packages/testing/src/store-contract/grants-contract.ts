import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AccountId, ClientId } from "@symbolon/protocol";
import type { Grant, GrantFilter } from "@symbolon/server";
import { anyGrant } from "../arbitraries.ts";
import { exampleAccountId, exampleDigest, exampleGrant, exampleGrantId, exampleNow } from "../examples.ts";
import { isRefusal } from "./refusal.ts";
import type { CurrentStore } from "./current-store.ts";

export function grantsContract(store: CurrentStore): void {
  describe("finding and inserting grants", () => {
    test("an insert with a taken id is refused, and the first grant is unchanged", async () => {
      await store().grants.insert(exampleGrant({ version: 7 }));
      await expect(store().grants.insert(exampleGrant({ version: 8 }))).rejects.toSatisfy(isRefusal);
      expect((await store().grants.find(exampleGrantId(1)))?.version).toBe(7);
    });

    test("a refused insert does not affect concurrent ones", async () => {
      const outcomes = await Promise.allSettled(
        [1, 2, 2, 3].map((n) => store().grants.insert(exampleGrant({ id: exampleGrantId(n) }))),
      );
      expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected", "fulfilled"]);
      expect(await store().grants.list({ limit: 10 })).toHaveLength(3);
    });

    test("an unknown grant is undefined", async () => {
      expect(await store().grants.find(exampleGrantId(404))).toBeUndefined();
    });

    test("a grant is read back as it was written", async () => {
      let number = 0;
      await fc.assert(
        fc.asyncProperty(anyGrant, async (grant) => {
          const inserted = { ...grant, id: exampleGrantId(++number) };
          await store().grants.insert(inserted);
          expect(await store().grants.find(inserted.id)).toStrictEqual(inserted);
        }),
        { numRuns: 100 },
      );
    });

    test("a caller that mutates an object that it passed or got changes no row", async () => {
      const given = exampleGrant({ intent: exampleDigest(1) });
      await store().grants.insert(given);
      given.intent!.fill(9);
      given.generation = 99;
      const got = await store().grants.find(given.id);
      got!.intent!.fill(8);
      expect(await store().grants.find(given.id)).toStrictEqual(exampleGrant({ intent: exampleDigest(1) }));
    });
  });

  describe("listing grants", () => {
    const one = "app_one" as ClientId;
    const two = "app_two" as ClientId;
    const ada = exampleAccountId(1);
    const ben = exampleAccountId(2);
    const rows: [number, ClientId, AccountId | null, Grant["state"]][] = [
      [3, one, ada, "active"],
      [1, one, ada, "revoked"],
      [5, two, ada, "active"],
      [2, one, ben, "active"],
      [4, one, null, "active"],
      [6, two, ben, "offered"],
    ];
    const insertRows = () =>
      Promise.all(
        rows.map(([number, application, owner, state]) =>
          store().grants.insert(
            exampleGrant({ id: exampleGrantId(number), application, owner, ...stateFields[state] }),
          ),
        ),
      );
    const cases: [string, GrantFilter, number[]][] = [
      ["nothing of an owner without grants", { owner: exampleAccountId(404), limit: 9 }, []],
      ["nothing of an unknown application", { application: "app_404" as ClientId, limit: 9 }, []],
      ["all, newest first", { limit: 9 }, [6, 5, 4, 3, 2, 1]],
      ["no more than asked for", { limit: 2 }, [6, 5]],
      ["of an application", { application: one, limit: 9 }, [4, 3, 2, 1]],
      ["of an owner", { owner: ada, limit: 9 }, [5, 3, 1]],
      ["of an application and an owner", { application: one, owner: ada, limit: 9 }, [3, 1]],
      ["of a state", { state: "active", limit: 9 }, [5, 4, 3, 2]],
      ["of an application in a state", { application: one, state: "active", limit: 2 }, [4, 3]],
      ["older than one of them", { before: exampleGrantId(4), limit: 2 }, [3, 2]],
      [
        "of an application, older than one of another",
        { application: one, before: exampleGrantId(5), limit: 9 },
        [4, 3, 2, 1],
      ],
      ["of an owner, older than one", { owner: ada, before: exampleGrantId(3), limit: 9 }, [1]],
      ["of an owner in a state", { owner: ben, state: "offered", limit: 9 }, [6]],
    ];
    test.each(cases)("%s", async (_, filter, expected) => {
      await insertRows();
      expect((await store().grants.list(filter)).map(({ id }) => id)).toEqual(expected.map(exampleGrantId));
    });
  });
}

const stateFields: Record<Grant["state"], Partial<Grant>> = {
  offered: {
    state: "offered",
    generation: 0,
    offer: { redirectUri: "https://good.example/cb", expiresAt: exampleNow + 60, failures: 0 },
  },
  active: {},
  revoked: { state: "revoked", revokedAt: exampleNow, revokedBecause: "revoked_by_owner" },
};

import { describe, expect, test } from "vitest";
import type { Grant, OfferDecision } from "@symbolon/server";
import { exampleAccountId, exampleGrant, exampleGrantId, exampleNow } from "../examples.ts";
import type { CurrentStore } from "./current-store.ts";
import { isRefusal } from "./refusal.ts";

const offered = (number: number, given: Partial<Grant> = {}): Grant =>
  exampleGrant({
    id: exampleGrantId(number),
    owner: exampleAccountId(1),
    state: "offered",
    generation: 0,
    offer: { redirectUri: "https://app.example/cb", expiresAt: exampleNow + 60, failures: 0 },
    ...given,
  });
const useAny = (offers: readonly Grant[]): OfferDecision =>
  offers[0] === undefined ? { remove: [] } : { use: offers[0] };

export function offersContract(store: CurrentStore): void {
  const rows = () => store().grants.list({ limit: 999 });

  describe("offering a grant", () => {
    test("stores it, and returns it", async () => {
      const stored = await store().grants.offer(offered(1), () => ({ remove: [] }));
      expect(stored).toStrictEqual(offered(1));
      expect(await rows()).toStrictEqual([offered(1)]);
    });

    test("the decision sees the offered grants of the same owner only, newest first", async () => {
      const others = [
        offered(1),
        offered(2, { owner: exampleAccountId(2) }),
        exampleGrant({ id: exampleGrantId(3), owner: exampleAccountId(1) }),
        offered(4),
      ];
      for (const grant of others) await store().grants.insert(grant);
      let seen: readonly Grant[] = [];
      await store().grants.offer(offered(5), (offers) => {
        seen = offers;
        return { remove: [] };
      });
      expect(seen).toStrictEqual([offered(4), offered(1)]);
    });

    test("a grant that is used instead is returned, and nothing is written", async () => {
      await store().grants.insert(offered(1));
      expect(await store().grants.offer(offered(2), useAny)).toStrictEqual(offered(1));
      expect(await rows()).toStrictEqual([offered(1)]);
    });

    test("grants that are removed are gone in the same step", async () => {
      for (const number of [1, 2, 3]) await store().grants.insert(offered(number));
      await store().grants.offer(offered(4), () => ({ remove: [exampleGrantId(1), exampleGrantId(2)] }));
      expect((await rows()).map(({ id }) => id)).toEqual([exampleGrantId(4), exampleGrantId(3)]);
      expect(await store().grants.find(exampleGrantId(1))).toBeUndefined();
    });

    test("a taken id is refused, and nothing is removed", async () => {
      await store().grants.insert(offered(1));
      await expect(store().grants.offer(offered(1), () => ({ remove: [exampleGrantId(1)] }))).rejects.toSatisfy(
        isRefusal,
      );
      expect(await rows()).toStrictEqual([offered(1)]);
    });

    test("an error of the decision rejects, and nothing is written", async () => {
      const thrown = new Error("no");
      const fail = () => {
        throw thrown;
      };
      await expect(store().grants.offer(offered(1), fail)).rejects.toBe(thrown);
      expect(await rows()).toEqual([]);
    });

    test("OP-16: fifty concurrent calls get the same grant", async () => {
      const stored = await Promise.all(
        Array.from({ length: 50 }, (_, number) => store().grants.offer(offered(number), useAny)),
      );
      expect(new Set(stored.map(({ id }) => id)).size).toBe(1);
      expect(await rows()).toStrictEqual([stored[0]]);
    });
  });
}

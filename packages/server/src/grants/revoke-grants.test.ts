import type { ClientId } from "@symbolon/protocol";
import { exampleAccountId, exampleGrant, exampleGrantId, fakeClock } from "@symbolon/testing";
import { describe, expect, test } from "vitest";
import type { Store } from "../store/contract.ts";
import { memoryStore } from "../store/memory.ts";
import { revokeGrant, revokeGrants } from "./revoke-grants.ts";

const other = "app_two" as ClientId;

async function storeWith(count: number): Promise<Store> {
  const store = memoryStore();
  for (let number = 1; number <= count; number++)
    await store.grants.insert(exampleGrant({ id: exampleGrantId(number) }));
  return store;
}

describe("revokeGrants", () => {
  test("revokes the grants that fit and counts only those that were live", async () => {
    const store = await storeWith(2);
    await store.grants.insert(exampleGrant({ id: exampleGrantId(3), state: "revoked", revokedAt: 1 }));
    await store.grants.insert(exampleGrant({ id: exampleGrantId(4), application: other }));
    await store.grants.insert(exampleGrant({ id: exampleGrantId(5), owner: exampleAccountId(2) }));
    const deps = { store, clock: fakeClock() };
    expect(await revokeGrants({ application: other }, "application_deleted", deps)).toBe(1);
    expect(await revokeGrants({ owner: exampleAccountId(2) }, "account_deleted", deps)).toBe(1);
    expect(await revokeGrants({}, "restored", deps)).toBe(2);
    const grants = await store.grants.list({ limit: 10 });
    expect(grants.map(({ revokedBecause }) => revokedBecause)).toEqual([
      "account_deleted",
      "application_deleted",
      null,
      "restored",
      "restored",
    ]);
  });

  test("walks through more grants than one batch holds", async () => {
    const deps = { store: await storeWith(1201), clock: fakeClock() };
    expect(await revokeGrants({}, "restored", deps)).toBe(1201);
    expect(await deps.store.grants.list({ state: "active", limit: 10 })).toEqual([]);
  });

  test("revokes a grant that a consent stores during the pass", async () => {
    const store = await storeWith(2);
    let isStored = false;
    const change: Store["grants"]["change"] = async (id, decide) => {
      const isFirst = !isStored;
      isStored = true;
      if (isFirst) await store.grants.insert(exampleGrant({ id: exampleGrantId(9) }));
      return await store.grants.change(id, decide);
    };
    const racing: Store = { ...store, grants: { ...store.grants, change } };
    expect(await revokeGrants({}, "account_suspended", { store: racing, clock: fakeClock() })).toBe(3);
  });
});

describe("revokeGrant", () => {
  test("tells a new revocation from an old one and from an unknown grant", async () => {
    const deps = { store: await storeWith(1), clock: fakeClock() };
    const revoke = (number: number) => revokeGrant(exampleGrantId(number), "revoked_by_operator", deps);
    expect([await revoke(1), await revoke(1), await revoke(2)]).toEqual(["revoked", "unchanged", "not_found"]);
  });
});

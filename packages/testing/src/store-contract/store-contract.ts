import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { StoreUnavailable, type Store } from "@symbolon/server";
import { exampleApplication, exampleDigest, exampleGrant } from "../examples.ts";
import { accountsContract } from "./accounts-contract.ts";
import { applicationsContract } from "./applications-contract.ts";
import { auditContract } from "./audit-contract.ts";
import { changeContract } from "./change-contract.ts";
import type { CurrentStore } from "./current-store.ts";
import { grantsContract } from "./grants-contract.ts";
import { clientCredentialsContract } from "./client-credentials-contract.ts";
import { rowsContract } from "./rows-contract.ts";
import { sweepContract } from "./sweep-contract.ts";
import { onceContract } from "./once-contract.ts";
import { subjectsContract } from "./subjects-contract.ts";
import { offersContract } from "./offers-contract.ts";
import { textContract } from "./text-contract.ts";

/** What every store must do (store/contract.ts of the server). `openStore` returns a new, empty one each time. */
export function describeStoreContract(name: string, openStore: () => Store | Promise<Store>): void {
  describe(`the store contract, ${name}`, () => {
    let store: Store;
    beforeEach(async () => {
      store = await openStore();
    });
    afterEach(() => store.close());
    const current: CurrentStore = () => store;

    grantsContract(current);
    changeContract(current);
    offersContract(current);
    clientCredentialsContract(current);
    applicationsContract(current);
    accountsContract(current);
    onceContract(current);
    subjectsContract(current);
    auditContract(current);
    rowsContract(current);
    textContract(current);
    sweepContract(current, openStore);

    describe("readiness", () => {
      test("an open store is ready", () => expect(store.ready()).resolves.toBeUndefined());

      test("every operation of a closed store rejects with StoreUnavailable", async () => {
        await store.close();
        const calls = [
          store.ready(),
          store.grants.find(exampleGrant().id),
          store.grants.insert(exampleGrant()),
          store.grants.offer(exampleGrant(), () => ({ remove: [] })),
          store.grants.change(exampleGrant().id, () => ({ answer: 1 })),
          store.grants.findOrCreateClientCredentials(exampleGrant().application, [], () => exampleGrant()),
          store.applications.insert(exampleApplication()),
          store.applications.list(),
          store.once.take(exampleDigest(1), 0),
          store.sweep(0, 1),
        ];
        const outcomes = await Promise.allSettled(calls);
        expect(
          outcomes.filter((outcome) => outcome.status === "fulfilled" || !(outcome.reason instanceof StoreUnavailable)),
        ).toEqual([]);
      });

      test("a store can be closed twice", async () => {
        await store.close();
        await expect(store.close()).resolves.toBeUndefined();
      });

      test("operations that were called before closing complete", async () => {
        const inserted = store.grants.insert(exampleGrant());
        await store.close();
        await expect(inserted).resolves.toBeUndefined();
      });
    });
  });
}

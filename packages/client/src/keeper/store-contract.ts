import { describe, expect, test } from "vitest";
import { describeEntries } from "./contract/entries-contract.ts";
import { describeKeysAndValues } from "./contract/keys-and-values-contract.ts";
import { describeManyProcesses } from "./contract/many-processes-contract.ts";
import { describeOneEntry } from "./contract/one-entry-contract.ts";
import { ContractStage, type Place } from "./contract/stage-contract.ts";

export type { Place } from "./contract/stage-contract.ts";

/** What every keeper store must do (store.ts). `makePlace` returns a new, empty place each time. */
export function describeKeeperStore(name: string, makePlace: () => Promise<Place> | Place): void {
  describe(`the contract of a keeper store, ${name}`, () => {
    const stage = new ContractStage(makePlace);
    describeOneEntry(stage);
    describeManyProcesses(stage);
    describeEntries(stage);
    describeKeysAndValues(stage);

    test("a closed store rejects every call, and can be closed twice", async () => {
      const { store } = stage;
      await store.write("g.1", 0, "one");
      await store.close();
      await store.close();
      await expect(store.read("g.1")).rejects.toBeInstanceOf(Error);
      await expect(store.write("g.1", 0, "two")).rejects.toBeInstanceOf(Error);
      await expect(store.remove("g.1", 1)).rejects.toBeInstanceOf(Error);
      await expect(stage.list("")).rejects.toBeInstanceOf(Error);
    });
  });
}

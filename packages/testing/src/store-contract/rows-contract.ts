import { describe, expect, test } from "vitest";
import type { AccountId, ClientId } from "@symbolon/protocol";
import type { ChangeableRow, RowStore, Store } from "@symbolon/server";
import {
  exampleAccount,
  exampleAccountId,
  exampleApplication,
  exampleNow,
  exampleResourceServer,
} from "../examples.ts";
import { editRow, removeRow } from "../row-edits.ts";
import type { CurrentStore } from "./current-store.ts";
import { isRefusal } from "./refusal.ts";

/** One table of the store in the words of the tests below. Ids sort by `number`. */
type Table = {
  rows(store: Store): RowStore<string, ChangeableRow<string> & { label: string }>;
  insert(store: Store, number: number, createdAt?: number): Promise<void>;
  row(number: number): ChangeableRow<string> & { [member: string]: unknown };
  label: string;
};

const tables: Record<string, Table> = {
  applications: {
    rows: (store) => store.applications as never,
    insert: async (store, number, createdAt = exampleNow) => {
      await store.applications.insert(exampleApplication({ id: `app_${number}` as ClientId, createdAt }));
    },
    row: (number) => exampleApplication({ id: `app_${number}` as ClientId }),
    label: "name",
  },
  "resource servers": {
    rows: (store) => store.resourceServers as never,
    insert: async (store, number, createdAt = exampleNow) => {
      const given = { id: `rs_${number}` as ClientId, resource: `https://api${number}.good.example`, createdAt };
      await store.resourceServers.insert(exampleResourceServer(given));
    },
    row: (number) =>
      exampleResourceServer({ id: `rs_${number}` as ClientId, resource: `https://api${number}.good.example` }),
    label: "name",
  },
  accounts: {
    rows: (store) => store.accounts as never,
    insert: async (store, number, createdAt = exampleNow) => {
      const given = { id: exampleAccountId(number), email: `ada${number}@good.example`, createdAt };
      await store.accounts.insert(exampleAccount(given));
    },
    row: (number) => exampleAccount({ id: exampleAccountId(number), email: `ada${number}@good.example` }),
    label: "email",
  },
};

export function rowsContract(store: CurrentStore): void {
  describe.each(Object.entries(tables))("changes of %s", (_name, { rows, insert, row, label }) => {
    const idOf = (number: number) => row(number).id;
    const changed = (number: number, text: string) => ({ ...row(number), [label]: text });
    const find = (number: number) => rows(store()).find(idOf(number));

    test("a write replaces the row, and counts", async () => {
      await insert(store(), 1);
      await find(1);
      const rowsNow = rows(store());
      expect(await rowsNow.change(idOf(1), () => ({ answer: "asked", write: changed(1, "b@x") as never }))).toBe(
        "asked",
      );
      expect(await find(1)).toStrictEqual({ ...changed(1, "b@x"), version: 1 });
      await editRow(rowsNow, idOf(1), { [label]: "c@x" } as never);
      expect(await find(1)).toStrictEqual({ ...changed(1, "c@x"), version: 2 });
    });

    test("an answer without a write changes nothing; a decision that throws writes nothing", async () => {
      await insert(store(), 1);
      expect(await rows(store()).change(idOf(1), (found) => ({ answer: found?.version }))).toBe(0);
      const failed = rows(store()).change(idOf(1), () => {
        throw new Error("no");
      });
      await expect(failed).rejects.toThrow("no");
      expect(await find(1)).toStrictEqual(row(1));
    });

    test("there is no row to change or to remove where there was none", async () => {
      expect(await rows(store()).change(idOf(1), (found) => ({ answer: found, remove: true }))).toBeUndefined();
      await expect(rows(store()).change(idOf(1), () => ({ answer: 1, write: row(1) as never }))).rejects.toSatisfy(
        isRefusal,
      );
      expect(await find(1)).toBeUndefined();
    });

    test("a row is removed once", async () => {
      await insert(store(), 1);
      await insert(store(), 2);
      const outcomes = await Promise.all([1, 2, 3].map(() => removeRow(rows(store()), idOf(1))));
      expect(outcomes.filter(Boolean)).toHaveLength(1);
      expect([await find(1), await find(2)]).toStrictEqual([undefined, row(2)]);
    });

    test.each(["id", "createdAt", "version"])(
      "a write with another %s than the row read is refused",
      async (member) => {
        await insert(store(), 1);
        await insert(store(), 2);
        const other = { id: idOf(2), createdAt: exampleNow + 1, version: 7 }[member];
        const write = { ...row(1), [member]: other };
        await expect(rows(store()).change(idOf(1), () => ({ answer: 1, write: write as never }))).rejects.toSatisfy(
          isRefusal,
        );
        expect([await find(1), await find(2)]).toStrictEqual([row(1), row(2)]);
      },
    );

    test("of twenty changes at the same time each sees the one before it, and none is lost", async () => {
      await insert(store(), 1);
      const seen = await Promise.all(
        Array.from({ length: 20 }, (_, number) =>
          rows(store()).change(idOf(1), (found) => ({
            answer: found!.version,
            write: { ...found!, [label]: `n${number}@x` },
          })),
        ),
      );
      expect(seen.toSorted((one, other) => one - other)).toEqual(Array.from({ length: 20 }, (_, number) => number));
      expect((await find(1))?.version).toBe(20);
    });

    test("a list has the oldest first, those of one second by id, and goes on after any row", async () => {
      await insert(store(), 3, exampleNow + 1);
      await insert(store(), 2, exampleNow);
      await insert(store(), 1, exampleNow);
      await insert(store(), 4, exampleNow - 1);
      const numbers = async (page?: Parameters<ReturnType<Table["rows"]>["list"]>[0]) =>
        (await rows(store()).list(page)).map(({ id }) => [1, 2, 3, 4].find((number) => idOf(number) === id));
      expect(await numbers()).toEqual([4, 1, 2, 3]);
      expect(await numbers({ limit: 2 })).toEqual([4, 1]);
      expect(await numbers({ limit: 2, after: { id: idOf(1), createdAt: exampleNow } })).toEqual([2, 3]);
      await removeRow(rows(store()), idOf(1));
      expect(await numbers({ after: { id: idOf(1), createdAt: exampleNow } })).toEqual([2, 3]);
      expect(await numbers({ after: { id: idOf(3), createdAt: exampleNow + 1 } })).toEqual([]);
    });
  });

  describe("a text that one row may have", () => {
    test("an e-mail address: a change sees who has it, and a write with a taken one is refused", async () => {
      const [one, two] = [exampleAccountId(1), exampleAccountId(2)] as [AccountId, AccountId];
      await store().accounts.insert(exampleAccount());
      await store().accounts.insert(exampleAccount({ id: two, email: "bob@good.example" }));
      const holders = await store().accounts.change(one, (_row, holderOf) => ({
        answer: ["ada@good.example", "bob@good.example", "eve@good.example"].map(holderOf),
      }));
      expect(holders).toEqual([one, two, undefined]);
      await expect(editRow(store().accounts, one, { email: "bob@good.example" })).rejects.toSatisfy(isRefusal);
      expect((await store().accounts.findByEmail("bob@good.example"))?.id).toBe(two);
      await editRow(store().accounts, one, { email: "eve@good.example" });
      expect((await store().accounts.findByEmail("eve@good.example"))?.id).toBe(one);
      expect(await store().accounts.findByEmail("ada@good.example")).toBeUndefined();
    });

    test("a resource: a second resource server with it is not inserted, and a write with a taken one is refused", async () => {
      const { id, resource } = exampleResourceServer();
      const two = "rs_two" as ClientId;
      expect(await store().resourceServers.insert(exampleResourceServer())).toBe(true);
      expect(await store().resourceServers.insert(exampleResourceServer({ id: two }))).toBe(false);
      expect(await store().resourceServers.find(two)).toBeUndefined();
      expect(await store().resourceServers.insert(exampleResourceServer({ id: two, resource: null }))).toBe(true);
      await expect(editRow(store().resourceServers, two, { resource })).rejects.toSatisfy(isRefusal);
      expect(await editRow(store().resourceServers, id, { name: "Renamed" })).toBe(true);
      const holders = await store().resourceServers.change(two, (_row, holderOf) => ({
        answer: [resource!, "https://free.example"].map(holderOf),
      }));
      expect(holders).toEqual([id, undefined]);
    });

    test("of twenty resource servers registered at the same time for one resource, one is stored", async () => {
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, (_, number) =>
          store().resourceServers.insert(exampleResourceServer({ id: `rs_${number}` as ClientId })),
        ),
      );
      expect(outcomes.filter(Boolean)).toHaveLength(1);
    });
  });
}

import { describe, expect, test } from "vitest";
import { lineOf, type AuditAppend, type AuditRecord, type Store } from "@symbolon/server";
import { exampleApplication } from "../examples.ts";
import type { CurrentStore } from "./current-store.ts";

/** A line whose MAC shows what it was computed from. */
const lineAbout = (target: string, more: object = {}): AuditAppend => ({
  text: JSON.stringify({ at: 1, by: { kind: "command", id: "ann" }, operation: "application.update", target, ...more }),
  macAfter: (before, position) => new Uint8Array(32).fill((before[0]! + position) % 256),
});

const targetsOf = (records: readonly AuditRecord[]): string[] => records.map((record) => lineOf(record).target);
const all = (store: Store) => store.audit.list({ limit: 99 });

export function auditContract(store: CurrentStore): void {
  describe("the audit log", () => {
    test("numbers its lines from 1, and gives each the MAC of the line before", async () => {
      for (const target of ["one", "two", "three"]) await store().audit.append(lineAbout(target));
      const records = await all(store());
      expect(records.map(({ position, mac }) => [position, mac[0]])).toEqual([
        [1, 1],
        [2, 3],
        [3, 6],
      ]);
      expect(targetsOf(records)).toEqual(["one", "two", "three"]);
    });
    test("keeps the bytes of a line", async () => {
      const text = `{"at":1,"by":{"id":"ann"},"operation":"x","target":"\\u00e9 é 🙂",  "after":{"b":1,"a":2}}`;
      await store().audit.append({ ...lineAbout("x"), text });
      expect((await all(store()))[0]!.text).toBe(text);
    });
    test("gives lines that are appended at once their own places", async () => {
      await Promise.all(Array.from({ length: 20 }, (_, index) => store().audit.append(lineAbout(String(index)))));
      expect((await all(store())).map(({ position }) => position)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    });
    test("gets the line of a row that is inserted or changed, in the same step", async () => {
      const row = exampleApplication();
      await store().applications.insert(row, { audit: lineAbout("made") });
      await store().applications.change(row.id, (before) => ({
        answer: null,
        write: { ...before!, name: "New" },
        audit: lineAbout("renamed"),
      }));
      await store().applications.change(row.id, () => ({ answer: null, remove: true, audit: lineAbout("removed") }));
      expect(targetsOf(await all(store()))).toEqual(["made", "renamed", "removed"]);
    });
    test("gets no line of a change that was not made", async () => {
      const row = exampleApplication();
      await store().applications.insert(row);
      await expect(store().applications.insert(row, { audit: lineAbout("again") })).rejects.toThrow(/exists|UNIQUE/);
      const throwing = store().applications.change(row.id, () => {
        throw new Error("no");
      });
      await expect(throwing).rejects.toThrow("no");
      const mixedUp = store().applications.change(row.id, (before) => ({
        answer: null,
        write: { ...before!, version: 7 },
        audit: lineAbout("mixed up"),
      }));
      await expect(mixedUp).rejects.toThrow("is not the row read");
      expect(await all(store())).toEqual([]);
    });
    test.each<[string, Parameters<Store["audit"]["list"]>[0], string[]]>([
      ["all, oldest first", { limit: 9 }, ["a", "b", "c"]],
      ["the newest first", { limit: 9, newestFirst: true }, ["c", "b", "a"]],
      ["at most `limit`", { limit: 2 }, ["a", "b"]],
      ["after a position", { limit: 9, after: 1 }, ["b", "c"]],
      ["before a position", { limit: 9, before: 3, newestFirst: true }, ["b", "a"]],
      ["of one target", { limit: 9, target: "b" }, ["b"]],
      ["of one actor", { limit: 9, by: "bob" }, ["c"]],
      ["of one operation", { limit: 9, operation: "grant.revoke" }, ["b"]],
      ["from a second on", { limit: 9, since: 20 }, ["b", "c"]],
      ["before a second", { limit: 9, until: 20 }, ["a"]],
      ["of an actor and a time that no line has", { limit: 9, by: "bob", until: 20 }, []],
    ])("lists %s", async (_, filter, targets) => {
      await store().audit.append(lineAbout("a", { at: 10 }));
      await store().audit.append(lineAbout("b", { at: 20, operation: "grant.revoke" }));
      await store().audit.append(lineAbout("c", { at: 30, by: { kind: "client", id: "bob" } }));
      expect(targetsOf(await store().audit.list(filter))).toEqual(targets);
    });
    test("removes its oldest lines, and appends the one that says so", async () => {
      for (const target of ["a", "b", "c"]) await store().audit.append(lineAbout(target));
      expect(await store().audit.trim(2, lineAbout("trimmed"))).toBe(2);
      expect((await all(store())).map((record) => [record.position, lineOf(record).target])).toEqual([
        [3, "c"],
        [4, "trimmed"],
      ]);
    });
    test("goes on from its last place where all lines are removed", async () => {
      for (const target of ["a", "b"]) await store().audit.append(lineAbout(target));
      await store().audit.trim(2, lineAbout("trimmed"));
      expect((await all(store())).map(({ position, mac }) => [position, mac[0]])).toEqual([[3, 6]]);
    });
    test("appends nothing where there is nothing to remove", async () => {
      await store().audit.append(lineAbout("a"));
      await store().audit.trim(1, lineAbout("trimmed"));
      expect(await store().audit.trim(1, lineAbout("trimmed again"))).toBe(0);
      expect(targetsOf(await all(store()))).toEqual(["trimmed"]);
    });
  });
}

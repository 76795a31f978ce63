import { existsSync, readdirSync, rmSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Damage } from "../src/files/index.ts";
import { startChild } from "./child.ts";
import { directory, filesOf, open, useTemporaryDirectory } from "./files-fixture.ts";

useTemporaryDirectory();

describe("C-02: a process that is killed at any step of a write", () => {
  const old = "old".repeat(4000);
  const fresh = `new${"!".repeat(10_000)}`;

  /** `prepare` makes the entry that the operation starts from; `before` and `after` are the values it may leave. */
  const operations = [
    { operation: "create", prepare: async () => {}, before: undefined, after: fresh },
    {
      operation: "replace",
      prepare: async () => void (await (await open()).write("entry", 0, old)),
      before: old,
      after: fresh,
    },
    {
      operation: "remove",
      prepare: async () => void (await (await open()).write("entry", 0, old)),
      before: old,
      after: undefined,
    },
    {
      operation: "revive",
      prepare: async () => void (await (await open()).write("entry", 0, old), await (await open()).remove("entry", 1)),
      before: undefined,
      after: fresh,
    },
  ];

  test.each(operations)(
    "$operation: leaves the old or the new value intact, and the next write deletes the leftover files",
    async ({ operation, prepare, before, after }) => {
      const seen = new Set<string | undefined>();
      let nth = 0;
      for (let survived = false; !survived;) {
        nth++;
        for (const when of ["before", "in"] as const) {
          await prepare();
          const child = startChild("crashing-writer.ts", [directory, operation, String(nth), when]);
          survived = (await child.ended) === 0;
          if (survived) expect(JSON.parse(child.lines[0]!)).toEqual({ steps: nth - 1, outcome: "done" });
          const damages: Damage[] = [];
          const store = await open(damages);
          const found = await store.read("entry");
          expect([before, after]).toContain(found?.value);
          seen.add(found?.value);
          const next = (await store.write("entry", found?.revision ?? 0, "next"))!;
          expect(await store.read("entry")).toEqual({ revision: next, value: "next" });
          expect(damages).toEqual([]);
          expect(filesOf("head")).toHaveLength(1);
          expect(filesOf("value").length).toBeLessThanOrEqual(2);
          rmSync(directory, { recursive: true });
        }
      }
      expect(nth).toBeGreaterThan(3);
      expect([...seen]).toHaveLength(2);
    },
    120_000,
  );

  test.each(operations)(
    "C-03, $operation: a full disk at any step rejects and leaves the old or the new value; the next write succeeds",
    async ({ operation, prepare, before, after }) => {
      for (let nth = 1, reached = true; reached; nth++) {
        await prepare();
        const child = startChild("crashing-writer.ts", [directory, operation, String(nth), "full"]);
        expect(await child.ended).toBe(0);
        const { steps, outcome } = JSON.parse(child.lines[0]!) as { steps: number; outcome: string };
        reached = steps >= nth;
        // A failure to delete the old value file is not an error: the next write deletes it.
        expect(reached ? ["KeeperStoreUnavailable", "done"] : ["done"]).toContain(outcome);
        const store = await open();
        const found = await store.read("entry");
        expect([before, after]).toContain(found?.value);
        const next = (await store.write("entry", found?.revision ?? 0, "next"))!;
        expect(await store.read("entry")).toEqual({ revision: next, value: "next" });
        rmSync(directory, { recursive: true });
      }
    },
    60_000,
  );

  test("a first write that was killed leaves a draft, which is deleted a day later", async () => {
    await startChild("crashing-writer.ts", [directory, "create", "5", "before"]).ended;
    const drafts = () => readdirSync(directory).filter((name) => name.startsWith("."));
    expect(drafts()).toHaveLength(1);
    await open();
    expect(drafts()).toHaveLength(1);
    const draft = join(directory, drafts()[0]!);
    utimesSync(draft, 1, 1);
    await open();
    expect(existsSync(draft)).toBe(false);
    expect(drafts()).toEqual([]);
  });
});

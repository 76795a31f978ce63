import { describe, expect, test } from "vitest";
import { makeWorld, type World } from "../../test/world.ts";
import { encodeBase64Url } from "@symbolon/protocol";
import type { Store } from "../store/contract.ts";
import { appendOf, headOf, lineOf, type AuditRecord } from "./chain.ts";
import { trimAudit } from "./trim-audit.ts";
import { verifyAudit } from "./verify-audit.ts";

const by = { kind: "command", id: "ann" } as const;

/** A world whose log has `count` lines, one a second. */
async function worldWithLines(count: number): Promise<World> {
  const world = await makeWorld();
  for (let index = 1; index <= count; index++) {
    await add(world, `app_${index}`);
    world.advance(1);
  }
  return world;
}
const add = (world: World, target: string) => {
  const line = { at: world.now(), by, operation: "application.update", target, before: null, after: { name: target } };
  return world.store.audit.append(appendOf(line, world.keyring));
};
const all = (world: World) => world.store.audit.list({ limit: 9999 });
const head = async (world: World) => headOf((await all(world)).at(-1)!);

/** What `verifyAudit` says of other rows in the place of those of `world`. */
function verifyRows(world: World, records: AuditRecord[], noted?: { position: number; mac: string }) {
  const list: Store["audit"]["list"] = async ({ after = 0, operation, newestFirst, limit }) => {
    const fitting = records.filter(
      (record) => record.position > after && (operation === undefined || record.text.includes(operation)),
    );
    return (newestFirst ? fitting.toReversed() : fitting).slice(0, limit);
  };
  const store = { ...world.store, audit: { ...world.store.audit, list } };
  return verifyAudit(noted, { store, keyring: world.keyring });
}

describe("ST-15: the audit log shows that it was changed", () => {
  test("nothing is wrong with an empty log, and with a whole one of any length", async () => {
    for (const count of [0, 1, 3, 1001]) {
      const world = await worldWithLines(count);
      expect(await verifyAudit(undefined, world.deps)).toBeUndefined();
    }
  });
  test.each([1, 2, 499, 500, 501, 1000])("a change of line %i is found", async (position) => {
    const world = await worldWithLines(1001);
    const records = (await all(world)).map((record) =>
      record.position === position ? { ...record, text: record.text.replace("app_", "app-") } : record,
    );
    expect(await verifyRows(world, records)).toBe(`audit: line ${position} is not the one that was written`);
  });
  test.each([
    ["the first", [1], "audit: line 1 is missing"],
    ["one in the middle", [2], "audit: line 2 is missing"],
    ["several", [2, 3], "audit: line 2 is missing"],
    ["all", [1, 2, 3, 4], "audit: lines 1 to 4 are missing"],
    ["the last", [4], "audit: lines 4 to 4 are missing"],
  ])("that %s was removed is found", async (_, removed, finding) => {
    const world = await worldWithLines(4);
    const records = (await all(world)).filter(({ position }) => !removed.includes(position));
    expect(await verifyRows(world, records, await head(world))).toBe(finding);
  });
  test("a removed line is found if those after it are numbered anew", async () => {
    const world = await worldWithLines(4);
    const records = (await all(world))
      .filter(({ position }) => position !== 2)
      .map((record, index) => ({ ...record, position: index + 1 }));
    expect(await verifyRows(world, records)).toBe("audit: line 2 is not the one that was written");
  });
  test("two lines that changed places are found", async () => {
    const world = await worldWithLines(3);
    const [one, two, three] = (await all(world)) as [AuditRecord, AuditRecord, AuditRecord];
    const records = [one, { ...three, position: 2 }, { ...two, position: 3 }];
    expect(await verifyRows(world, records)).toBe("audit: line 2 is not the one that was written");
  });
  test("a line that was made without the keyring is found", async () => {
    const [world, other] = [await worldWithLines(2), await makeWorld()];
    const [last] = (await all(world)).slice(-1);
    const append = appendOf(lineOf(last!), other.keyring);
    const forged = { position: 3, text: append.text, mac: append.macAfter(last!.mac, 3) };
    expect(await verifyRows(world, [...(await all(world)), forged])).toBe(
      "audit: line 3 is not the one that was written",
    );
  });
  test.each([0, 31, 33])("a MAC of %i bytes is found", async (length) => {
    const world = await worldWithLines(1);
    const [only] = await all(world);
    expect(await verifyRows(world, [{ ...only!, mac: new Uint8Array(length) }])).toContain("line 1");
  });
  test("a log that was replaced by another of the same keyring is found by where it stood before", async () => {
    const world = await worldWithLines(3);
    const noted = await head(world);
    const other = await makeWorld({ keyring: world.keyring });
    for (const target of ["x", "y", "z"]) await add(other, target);
    expect(await verifyAudit(undefined, other.deps)).toBeUndefined();
    expect(await verifyAudit(noted, other.deps)).toBe("audit: line 3 is not the one that stood there");
  });
  test("lines that came later are no damage", async () => {
    const world = await worldWithLines(3);
    const noted = await head(world);
    await add(world, "later");
    expect(await verifyAudit(noted, world.deps)).toBeUndefined();
  });
});

describe("trimAudit", () => {
  const trim = (world: World, seconds: number) => trimAudit(world.now() - seconds, by, world.deps);

  test("removes what is older, and says so in a line by which the log is whole", async () => {
    const world = await worldWithLines(5);
    const third = (await all(world))[2]!;
    expect(await trim(world, 2)).toBe(3);
    expect((await all(world)).map((record) => [record.position, lineOf(record).operation])).toEqual([
      [4, "application.update"],
      [5, "application.update"],
      [6, "audit.trim"],
    ]);
    expect(lineOf((await all(world)).at(-1)!)).toMatchObject({
      by,
      target: "audit",
      after: { position: 3, mac: encodeBase64Url(third.mac) },
    });
    expect(await verifyAudit(undefined, world.deps)).toBeUndefined();
  });
  test("keeps a log whole that is trimmed again and again", async () => {
    const world = await worldWithLines(5);
    for (let round = 0; round < 5; round++) {
      await trim(world, 2);
      await add(world, `later_${round}`);
      world.advance(1);
      expect(await verifyAudit(await head(world), world.deps)).toBeUndefined();
    }
  });
  test("removes at most 500 lines at a time", async () => {
    const world = await worldWithLines(1200);
    expect([await trim(world, 0), await trim(world, 0), await trim(world, 0)]).toEqual([500, 500, 200]);
  });
  test("removes nothing where only the line of the last call is old", async () => {
    const world = await worldWithLines(2);
    await trim(world, 0);
    world.advance(10);
    expect(await trim(world, 0)).toBe(0);
    expect(await all(world)).toHaveLength(1);
  });
  test.each(["none of an empty log", "none that is young"])("removes %s", async (which) => {
    const world = await worldWithLines(which.includes("empty") ? 0 : 2);
    expect(await trim(world, 100)).toBe(0);
  });
  test("more lines removed than the log says are found", async () => {
    const world = await worldWithLines(5);
    await trim(world, 2);
    const records = (await all(world)).filter(({ position }) => position !== 4);
    expect(await verifyRows(world, records)).toBe("audit: line 4 is missing");
  });
  test("lines that are removed by someone who changes the line about the trim are found", async () => {
    const world = await worldWithLines(5);
    await trim(world, 2);
    const fourth = headOf((await all(world))[0]!);
    const records = (await all(world))
      .filter(({ position }) => position !== 4)
      .map((record) =>
        record.position === 6 ? { ...record, text: JSON.stringify({ ...lineOf(record), after: fourth }) } : record,
      );
    expect(await verifyRows(world, records)).toBe("audit: line 6 is not the one that was written");
  });
});

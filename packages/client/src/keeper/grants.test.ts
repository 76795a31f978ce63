import { describe, expect, test } from "vitest";
import { KeeperError } from "./errors.ts";
import { Grants, isDamage } from "./grants.ts";
import { guardStore } from "./guard-store.ts";
import { memoryStore } from "./memory-store.ts";
import { boundTo, type GrantRecord } from "./record.ts";
import type { Vault } from "./vault.ts";
import { errorOf } from "./testing/errors.ts";
import { fakeProvider } from "./testing/fake-provider.ts";
import { hour, lazy, replay } from "./testing/given.ts";
import { plainVault } from "./testing/plain-vault.ts";
import { adopted } from "./testing/stage.ts";
import { virtualWorld } from "./testing/virtual-world.ts";

/** The records of one process over one store, with the keys that were read. */
function setUp(vault: Vault = plainVault) {
  const world = virtualWorld();
  const memory = memoryStore();
  const read: string[] = [];
  const listed: string[] = [];
  let readMs: number | undefined;
  const store = {
    ...memory,
    read: async (key: string) => {
      read.push(key);
      const entry = await memory.read(key);
      if (readMs !== undefined) await world.sleep(readMs);
      return entry;
    },
    entries: (prefix: string) => (listed.push(prefix), memory.entries(prefix)),
  };
  const grants = new Grants({
    store,
    vault,
    world,
    clockOffsets: new Map(),
    providers: [fakeProvider(world, lazy)],
    emit: () => undefined,
  });
  const record = (id: string, changes: Partial<GrantRecord> = {}): GrantRecord => ({
    format: 1,
    id,
    issuer: "https://provider.example",
    clientId: "app",
    version: 1,
    fence: 1,
    state: "active",
    class: lazy,
    clientGeneration: 1,
    current: "",
    issuedAt: { wallMs: world.epochMs(), offsetMs: 0 },
    boughtUnder: 1,
    streak: 0,
    evidence: [],
    ...changes,
  });
  const slowly = (ms: number | undefined): void => void (readMs = ms);
  return { world, memory, read, listed, grants, record, slowly };
}

const lease = { owner: "other", beat: 0, ms: 24_000 };
const mostInMemory = 10_000;

describe("reading a record", () => {
  test("rejects for a grant that was never adopted", async () => {
    const { grants } = setUp();
    expect(await errorOf(grants.read("1"))).toMatchObject({ code: "unknown_grant", id: "1" });
  });

  test("parses an unchanged record once", async () => {
    const { grants, record } = setUp();
    const { record: written, revision } = (await grants.write({ revision: 0 }, record("1")))!;
    const first = (await grants.read("1")).record;
    expect(first).toEqual(written);
    expect((await grants.read("1")).record).toBe(first);
    await grants.write({ revision }, record("1", { fence: 2 }));
    expect((await grants.read("1")).record.fence).toBe(2);
  });

  test("lists only what is stored under the keys of grants", async () => {
    const { grants, record, listed } = setUp();
    await grants.write({ revision: 0 }, record("1"));
    const found: string[] = [];
    for await (const one of grants.all()) found.push(one.record.id);
    expect([found, listed]).toEqual([["1"], ["g."]]);
  });

  test("calls during a read share it, and a write ends the sharing", async () => {
    const { world, grants, record, read, slowly } = setUp();
    const { revision } = (await grants.write({ revision: 0 }, record("1")))!;
    slowly(100);
    const early = [grants.readShared("1"), grants.readShared("1")];
    await world.pass(50);
    await grants.write({ revision }, record("1", { fence: 2 }));
    const late = [grants.readShared("1")];
    await world.pass(60);
    late.push(grants.readShared("1"));
    const fences = await world.run(Promise.all([...early, ...late]));
    expect(fences.map((one) => one.record.fence)).toEqual([1, 1, 2, 2]);
    expect(read).toEqual(["g.1", "g.1"]);
    await world.run(grants.readShared("1"));
    expect(read).toHaveLength(3);
  });

  test("opens a pair once", async () => {
    let opened = 0;
    const { grants, record } = setUp({ ...plainVault, open: (...given) => (opened++, plainVault.open(...given)) });
    const base = record("1");
    const found = { ...base, current: await plainVault.seal('{"access":"at"}', boundTo(base, 1)) };
    expect([await grants.pair(found), await grants.pair(found)]).toEqual([{ access: "at" }, { access: "at" }]);
    expect(opened).toBe(1);
    expect(grants.pairInMemory({ ...found, version: 2 })).toBeUndefined();
  });
});

describe("refresh-tokens.md B9: how old a written pair is", () => {
  test("by when its request began, also where the version is not new to this process", async () => {
    const { world, grants, record } = setUp();
    const bornAt = { monotonicMs: world.monotonicMs(), wallMs: world.epochMs() };
    const { revision } = (await grants.write({ revision: 0 }, record("1")))!;
    await world.pass(3000);
    const written = await grants.write({ revision }, record("1"), bornAt);
    expect(written!.observation).toMatchObject({ ageMs: 3000, since: { monotonicMs: 3000 } });
  });
});

describe("refresh-tokens.md B6: how long a write takes", () => {
  test("is the slowest of late: each faster write takes a tenth from it", async () => {
    const { world, memory, grants, record } = setUp();
    const { write } = memory;
    expect(grants.writeMs).toBe(0);
    const guarded = new Grants({
      store: { ...memory, write: async (...given) => (await world.sleep(1000), write(...given)) },
      vault: plainVault,
      world,
      clockOffsets: new Map(),
      providers: [],
      emit: () => undefined,
    });
    await world.run(guarded.write({ revision: 0 }, record("1")));
    expect(guarded.writeMs).toBe(1000);
    await world.run(guarded.write({ revision: 9 }, record("1")));
    expect(guarded.writeMs).toBe(1000);
    guarded.writeMs = 5000;
    await world.run(guarded.write({ revision: 9 }, record("1")));
    expect(guarded.writeMs).toBe(4500);
  });
});

describe("memory is bounded", () => {
  const fill = ({ grants, record }: ReturnType<typeof setUp>, count: number): void => {
    for (let index = 0; index < count; index++) grants.remember(record(`filler-${index}`), 1);
  };

  test("it has the ten thousand grants that were seen last", async () => {
    const stage = setUp();
    const { grants, record } = stage;
    const sealed = await plainVault.seal('{"access":"at"}', boundTo(record("old"), 1));
    const stored = (await grants.write({ revision: 0 }, record("old", { current: sealed })))!;
    await grants.pair(stored.record);
    const { record: parsed } = await grants.read("old");
    grants.remember(record("renewed"), 1);
    fill(stage, mostInMemory - 2);
    expect(grants.inMemory("old")).toBeDefined();
    grants.remember(record("renewed"), 1);
    for (const id of ["last but one", "last"]) grants.remember(record(id), 1);
    expect(grants.inMemory("old")).toBeUndefined();
    expect(grants.pairInMemory(stored.record)).toBeUndefined();
    const has = ["renewed", "filler-0", "filler-1", "last"].map((id) => grants.inMemory(id) !== undefined);
    expect(has).toEqual([true, false, true, true]);
    expect((await grants.read("old")).record).not.toBe(parsed);
  });

  test.each<[string, Partial<GrantRecord>, boolean]>([
    ["a lease", { lease }, true],
    ["an intent", { intent: { startedAtMs: 1 } }, true],
    ["neither", {}, false],
  ])(
    "a grant with %s: whether it is observed on, however many others are read meanwhile",
    async (_, changes, isWatched) => {
      const stage = setUp();
      const { world, grants, record } = stage;
      grants.remember(record("1", changes), 1);
      fill(stage, mostInMemory);
      await world.pass(5000);
      expect(grants.remember(record("1", changes), 1).observation.since.monotonicMs).toBe(isWatched ? 0 : 5000);
    },
  );

  test("a grant whose lease and intent have ended is not observed on", async () => {
    const stage = setUp();
    const { world, grants, record } = stage;
    grants.remember(record("1", { lease }), 1);
    grants.remember(record("1"), 2);
    fill(stage, mostInMemory);
    await world.pass(5000);
    expect(grants.remember(record("1"), 2).observation.since.monotonicMs).toBe(5000);
  });
});

describe("C-11: what counts as damage", () => {
  test.each<[string, unknown, boolean]>([
    ["a seal that does not open", new KeeperError("unreadable", { field: "seal" }), true],
    ["a key that is missing", new KeeperError("unreadable"), false],
    ["a record that is damaged", new KeeperError("unreadable", { field: "class" }), false],
    ["another error of the keeper", new KeeperError("invalid_input", { field: "seal" }), false],
    ["an error of the vault", Object.assign(new Error("KMS"), { code: "unreadable", field: "seal" }), false],
    ["no error", undefined, false],
  ])("%s", (_, error, expected) => expect(isDamage(error)).toBe(expected));

  test("a restored record has a fencing token of its own: a lease on the damaged one is lost", async () => {
    const { world, keeper, record, edit, process } = await adopted(replay);
    await world.pass(hour);
    await world.run(keeper.token("1"));
    const { fence } = record();
    edit((found) => ({ ...found, current: "damaged" }));
    const reader = process();
    await world.run(reader.keeper.revoke("1"));
    expect(reader.events.map(({ type }) => type)).toEqual(["revoking", "restored", "dead"]);
    expect(record().fence).toBe(fence + 2);
  });

  test.each([
    [120_000 - 1, "ok"],
    [120_000, "unreadable"],
  ])("a predecessor is restored inside its replay window: %i ms after the refresh", async (ms, code) => {
    const { world, keeper, edit, process } = await adopted(replay);
    await world.pass(hour);
    await world.run(keeper.token("1"));
    edit((found) => ({ ...found, current: "damaged" }));
    const reader = process().keeper;
    await reader.status("1");
    await world.pass(ms);
    const result = await world.run(reader.tryToken("1"));
    expect(result.ok ? "ok" : result.error.code).toBe(code);
  });
});

describe("an error of the store", () => {
  test("is 'store_unavailable', with the store's own error as its cause", async () => {
    const cause = new Error("no route to host");
    const store = guardStore({ ...memoryStore(), read: () => Promise.reject(cause) });
    const error = await errorOf(store.read("g.1"));
    expect(error.code).toBe("store_unavailable");
    expect(error.cause).toBe(cause);
  });

  test("closing goes through to the store", async () => {
    const memory = memoryStore();
    await guardStore(memory).close();
    await expect(memory.read("g.1")).rejects.toThrow("the store is closed");
  });
});

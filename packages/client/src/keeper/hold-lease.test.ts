import { describe, expect, test } from "vitest";
import { Grants } from "./grants.ts";
import { Lease } from "./lease.ts";
import { memoryStore } from "./memory-store.ts";
import type { GrantRecord } from "./record.ts";
import { fakeProvider } from "./testing/fake-provider.ts";
import { lazy } from "./testing/given.ts";
import { plainVault } from "./testing/plain-vault.ts";
import { virtualWorld } from "./testing/virtual-world.ts";

/** With a deadline of ten seconds and a fast store. */
const leaseMs = 24_000;
const thirdMs = leaseMs / 3;

/** A lease on the grant "1", with every call of the store. `onWrite` runs before a write, and may sleep or reject. */
async function held() {
  const plain = virtualWorld();
  const sleeps: AbortSignal[] = [];
  const world = {
    ...plain,
    sleep: (ms: number, signal?: AbortSignal) => {
      if (signal) sleeps.push(signal);
      return plain.sleep(ms, signal);
    },
  };
  const memory = memoryStore();
  const calls: string[] = [];
  const stage = { onWrite: async (): Promise<void> => undefined };
  const store = {
    ...memory,
    async read(key: string) {
      calls.push("read");
      return memory.read(key);
    },
    async write(key: string, expected: number, value: string) {
      await stage.onWrite();
      const written = await memory.write(key, expected, value);
      calls.push(written === undefined ? "conflict" : "write");
      return written;
    },
  };
  const provider = fakeProvider(world, lazy);
  const basis = {
    vault: plainVault,
    world,
    clockOffsets: new Map<string, number>(),
    providers: [provider],
    emit: () => undefined,
  };
  const grants = new Grants({ ...basis, store });
  const others = new Grants({ ...basis, store: memory });
  const record: GrantRecord = {
    format: 1,
    id: "1",
    issuer: provider.issuer,
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
  };
  const stored = (await grants.write({ revision: 0 }, record))!;
  const lease = (await Lease.take({ world, grants, owner: "me" }, stored, provider, { state: "refreshing" }))!;
  calls.length = 0;
  const change = (changes: Partial<GrantRecord>) => others.update("1", (found) => ({ ...found, ...changes }));
  const now = async (): Promise<GrantRecord> => (await others.read("1")).record;
  return { world, sleeps, calls, stage, grants, provider, lease, change, now };
}

const taken: Partial<GrantRecord> = { fence: 3, lease: { owner: "other", beat: 0, ms: leaseMs } };

describe("refresh-tokens.md B6: a lease right before a request", () => {
  test("is read again, and needs no heartbeat in its first third", async () => {
    const { world, lease, calls } = await held();
    await world.pass(thirdMs - 1);
    expect([await lease.confirm(), calls]).toEqual([true, ["read"]]);
  });

  test("gets a heartbeat after a third of it, which begins it anew", async () => {
    const { world, lease, calls, now } = await held();
    await world.pass(thirdMs);
    expect([await lease.confirm(), calls]).toEqual([true, ["read", "write"]]);
    expect((await now()).lease).toEqual({ owner: "me", beat: 1, ms: leaseMs });
    await world.pass(thirdMs - 1);
    expect([await lease.confirm(), calls]).toEqual([true, ["read", "write", "read"]]);
  });

  test.each<[string, Partial<GrantRecord>]>([
    ["another process took it", taken],
    ["this process took it again", { fence: 3 }],
    ["it was given back", { lease: undefined }],
  ])("is lost where %s: no heartbeat is written", async (_, changes) => {
    const { world, lease, change, calls } = await held();
    await change(changes);
    await world.pass(thirdMs);
    expect([await lease.confirm(), calls]).toEqual([false, ["read"]]);
  });

  test("is held where only the rest of the record has changed, which it then knows", async () => {
    const { lease, change } = await held();
    await change({ state: "revoking" });
    expect(await lease.confirm()).toBe(true);
    expect(lease.stored.record.state).toBe("revoking");
  });

  test("is given up after ten heartbeats that each took longer than a third of it", async () => {
    const { world, lease, stage, calls } = await held();
    await world.pass(thirdMs);
    let ms = thirdMs;
    stage.onWrite = () => world.sleep((ms *= 4));
    expect(await world.run(lease.confirm())).toBe(false);
    expect(calls).toEqual(["read", ...Array.from({ length: 10 }, () => "write")]);
  });

  test("has a second heartbeat where the first took too long", async () => {
    const { world, lease, stage, calls } = await held();
    await world.pass(thirdMs);
    stage.onWrite = async () => {
      stage.onWrite = async () => undefined;
      await world.sleep(60_000);
    };
    expect(await world.run(lease.confirm())).toBe(true);
    expect(calls).toEqual(["read", "write", "write"]);
  });
});

describe("refresh-tokens.md B6: a lease during a request", () => {
  const never = (): Promise<never> => new Promise(() => undefined);

  test("has a heartbeat every third of it, none at the end, and knows what it wrote", async () => {
    const { world, lease, calls, now } = await held();
    expect(await world.run(lease.during(never))).toBeUndefined();
    expect(world.monotonicMs()).toBe(11_000);
    expect(calls).toEqual(["write", "write"]);
    expect((await now()).lease).toMatchObject({ owner: "me", beat: 2 });
    expect(lease.stored.record.lease!.beat).toBe(2);
  });

  test("ends with the answer, and with undefined where the request fails", async () => {
    const { world, lease, calls, sleeps } = await held();
    expect(await world.run(lease.during(async () => (await world.sleep(50), "answer")))).toBe("answer");
    expect(await world.run(lease.during(() => Promise.reject(new Error("reset"))))).toBeUndefined();
    expect([world.monotonicMs(), calls]).toEqual([50, []]);
    expect(sleeps.map(({ aborted }) => aborted)).toEqual([true, true]);
  });

  test("takes an answer that arrives after the deadline, while it waits a second more", async () => {
    const { world, lease } = await held();
    let isEnded = false;
    const answer = await world.run(
      lease.during(async (signal) => {
        signal.addEventListener("abort", () => (isEnded = true));
        await world.sleep(10_900);
        return "late";
      }),
    );
    expect([answer, isEnded]).toEqual(["late", false]);
  });

  test("stays held though the store does not take a heartbeat: the next one is tried", async () => {
    const { world, lease, stage, now } = await held();
    stage.onWrite = () => {
      stage.onWrite = async () => undefined;
      return Promise.reject(new Error("down"));
    };
    await world.run(lease.during(never));
    expect((await now()).lease!.beat).toBe(1);
  });

  test("tries no heartbeat once it is lost", async () => {
    const { world, lease, change, calls, now } = await held();
    await change(taken);
    await world.run(lease.during(never));
    expect(calls).toEqual(["conflict", "read"]);
    expect(await now()).toMatchObject(taken);
  });

  test("goes on in a record that was changed meanwhile, if it is still held", async () => {
    const { world, lease, change, calls, now } = await held();
    await change({ state: "revoking" });
    await world.run(lease.during(never));
    expect(calls).toEqual(["conflict", "read", "write", "write"]);
    expect(await now()).toMatchObject({ state: "revoking", lease: { beat: 2 } });
  });

  test("becomes longer with a store that becomes slower, and never shorter", async () => {
    const { world, lease, grants, now } = await held();
    grants.writeMs = 10_000;
    await world.run(lease.during(never));
    const longMs = (await now()).lease!.ms;
    expect(longMs).toBeGreaterThanOrEqual(1.5 * (11_000 + 16_000));
    grants.writeMs = 0;
    await world.run(lease.during(never));
    expect((await now()).lease!.ms).toBe(longMs);
  });
});

describe("refresh-tokens.md B6: the end of a lease", () => {
  test("another attempt must end before three lengths of it", async () => {
    const { world, lease } = await held();
    await world.pass(3 * leaseMs - 10_000 - 1);
    expect(lease.hasTimeForAnother()).toBe(true);
    await world.pass(1);
    expect(lease.hasTimeForAnother()).toBe(false);
  });

  const back = (record: GrantRecord) => ({
    record: { ...record, state: "ambiguous" as const, streak: record.streak + 1 },
  });

  test("is given back with the changed record, in one write", async () => {
    const { world, lease, calls, now } = await held();
    expect(await world.run(lease.release(back))).toMatchObject({ record: { state: "ambiguous", streak: 1 } });
    expect(calls).toEqual(["write"]);
    expect(await now()).not.toHaveProperty("lease");
  });

  test("changes the latest record, where another process changed it meanwhile", async () => {
    const { world, lease, change, calls, now } = await held();
    await change({ streak: 6 });
    expect(await world.run(lease.release(back))).toMatchObject({ record: { streak: 7 } });
    expect(calls).toEqual(["conflict", "read", "write"]);
    expect((await now()).streak).toBe(7);
  });

  test("changes nothing where the lease was lost", async () => {
    const { world, lease, change, now } = await held();
    await change(taken);
    expect(await world.run(lease.release(back))).toBeUndefined();
    expect(await now()).toMatchObject({ ...taken, streak: 0 });
  });

  test("is recognised where the write seemed to fail", async () => {
    const { world, grants, lease, calls, now } = await held();
    const { write } = grants;
    grants.write = async (stored, record, bornAt) => {
      grants.write = write;
      await grants.write(stored, record, bornAt);
      return undefined;
    };
    expect(await world.run(lease.release(back))).toMatchObject({ record: { streak: 1 } });
    expect(calls).toEqual(["write", "read"]);
    expect((await now()).streak).toBe(1);
  });
});

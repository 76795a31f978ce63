import { describe, expect, test } from "vitest";
import type { RotationClass } from "../rotation-class.ts";
import { createStage, type Process } from "./testing/stage.ts";

const hour = 3_600_000;

/** From now on each write of this store takes so long to come back. */
function slow({ store }: Process, world: { sleep(ms: number): Promise<void> }, ms: number): void {
  const { write } = store;
  store.write = async (key, expected, value) => {
    const written = await write(key, expected, value);
    await world.sleep(ms);
    return written;
  };
}

describe("refresh-tokens.md B6: the lease of a process that is known to have ended", () => {
  /** A process that dies in mid-request; afterwards another one asks. Seconds until that is served. */
  const secondsToTakeOver = async (rotation: RotationClass, isGone?: (name: string) => boolean) => {
    const { world, provider, process, record } = createStage(rotation);
    const dying = process({ name: "first" });
    await dying.keeper.adopt("1", provider.consent());
    await world.pass(hour);
    provider.faults.push({ hang: true });
    void dying.keeper.tryToken("1");
    await world.pass(100);
    // Dead: no heartbeat reaches the store any more.
    dying.store.failing = () => "before";
    const began = world.monotonicMs();
    const { keeper } = process({ name: "second", ...(isGone && { isGone }) });
    const found = await world.run(keeper.tryToken("1"));
    return { seconds: (world.monotonicMs() - began) / 1000, found, posts: provider.posts, record };
  };

  test("ends after five seconds, so that what it sent has arrived by then", async () => {
    const names: string[] = [];
    const { seconds, found, posts } = await secondsToTakeOver({ kind: "lazy" }, (name) => names.push(name) > 0);
    expect(found).toMatchObject({ ok: true });
    expect(seconds).toBeGreaterThanOrEqual(5);
    expect(seconds).toBeLessThan(8);
    expect(new Set(names)).toEqual(new Set(["first"]));
    expect(posts).toHaveLength(2);
  });
  test("lasts its full length where nothing is known of its holder", async () => {
    for (const isGone of [undefined, () => false]) {
      const { seconds } = await secondsToTakeOver({ kind: "lazy" }, isGone);
      expect(seconds).toBeGreaterThan(23);
    }
  });
  test("is not taken from a process that lives", async () => {
    const { world, provider, process } = createStage({ kind: "strict" });
    const one = process({ name: "first" });
    await one.keeper.adopt("1", provider.consent());
    await world.pass(hour);
    provider.faults.push({ afterMs: 9000 });
    const other = process({ isGone: () => false });
    const found = await world.run(Promise.all([one.keeper.token("1"), other.keeper.token("1")]));
    expect(found.map(({ version }) => version)).toEqual([2, 2]);
    expect(provider.posts).toHaveLength(1);
  });
});

describe("refresh-tokens.md B6: a lease is longer than the deadline and a write", () => {
  test("is one and a half times the deadline and six seconds with a fast store", async () => {
    const { world, provider, process, record } = createStage({ kind: "strict" });
    const { keeper } = process();
    await keeper.adopt("1", provider.consent());
    await world.pass(hour);
    provider.faults.push({ afterMs: 5000 });
    const fetching = keeper.token("1");
    await world.pass(100);
    expect(record().lease).toMatchObject({ beat: 0, ms: 24_000 });
    await world.run(fetching);
  });

  test("is longer with a store whose writes took twenty seconds", async () => {
    const { world, provider, process, record } = createStage({ kind: "strict" });
    const one = process();
    slow(one, world, 20_000);
    await world.run(one.keeper.adopt("1", provider.consent()));
    await world.pass(hour);
    provider.faults.push({ afterMs: 5000 });
    const fetching = one.keeper.token("1");
    await world.pass(22_000);
    expect(record().lease!.ms).toBeGreaterThanOrEqual(1.5 * (10_000 + 1000 + 36_000));
    await world.run(fetching);
    expect(provider.posts).toHaveLength(1);
  });

  test("names its holder after the process, uniquely", async () => {
    const { world, provider, process, record } = createStage({ kind: "strict" });
    const owners: string[] = [];
    for (const id of ["1", "2"]) {
      const { keeper } = process({ name: "host-12" });
      await keeper.adopt(id, provider.consent());
      await world.pass(hour);
      provider.faults.push({ afterMs: 5000 });
      const fetching = keeper.token(id);
      await world.pass(100);
      owners.push(record(id).lease!.owner);
      await world.run(fetching);
    }
    for (const owner of owners) expect(owner).toMatch(/^host-12 [\w-]{16}$/);
    expect(new Set(owners).size).toBe(2);
  });
});

import { describe, expect, test } from "vitest";
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

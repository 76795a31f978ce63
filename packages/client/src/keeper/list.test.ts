import { describe, expect, test } from "vitest";
import type { GrantStatus } from "./status.ts";
import type { Keeper } from "./keeper.ts";
import { createStage } from "./testing/stage.ts";

async function listed(keeper: Keeper): Promise<GrantStatus[]> {
  const grants: GrantStatus[] = [];
  for await (const status of keeper.list()) grants.push(status);
  return grants;
}

describe("refresh-tokens.md B4: list()", () => {
  test("lists every grant as status() does, also dead ones and those of other processes", async () => {
    const { world, provider, process } = createStage({ kind: "lazy" });
    const [one, other] = [process().keeper, process().keeper];
    await one.adopt("a b/ü", provider.consent(), { subject: "anna" });
    await other.adopt("2", provider.consent(), { subject: "bert" });
    await one.adopt("3", provider.consent());
    await world.run(one.revoke("3"));
    const grants = await listed(one);
    expect(grants.map(({ id, state }) => [id, state]).sort()).toEqual([
      ["2", "active"],
      ["3", "dead"],
      ["a b/ü", "active"],
    ]);
    for (const status of grants) expect(status).toEqual(await one.status(status.id));
  });

  test("contains no secret", async () => {
    const { provider, process } = createStage({ kind: "lazy" });
    const { keeper } = process();
    await keeper.adopt("1", provider.consent(), { subject: "anna" });
    expect(JSON.stringify(await listed(keeper))).not.toMatch(/[ar]t-\d/);
  });

  test("C-11: lists the others beside a record that cannot be read or has the wrong key", async () => {
    const { provider, process, place } = createStage({ kind: "lazy" });
    const { keeper } = process();
    for (const id of ["1", "2", "3", "4"]) await keeper.adopt(id, provider.consent());
    place.entries.set("g.1", { revision: ++place.revision, value: "<html>" });
    place.entries.set("g.3", { revision: ++place.revision, value: place.entries.get("g.2")!.value });
    expect((await listed(keeper)).map(({ id }) => id)).toEqual(["2", "4"]);
  });

  test("rejects with 'store_unavailable' when the store stops answering", async () => {
    const { provider, process } = createStage({ kind: "lazy" });
    const { keeper, store } = process();
    await keeper.adopt("1", provider.consent());
    store.failing = (operation) => (operation === "entries" ? "before" : false);
    await expect(listed(keeper)).rejects.toMatchObject({ code: "store_unavailable" });
  });

  test("continues when grants are revoked or forgotten meanwhile", async () => {
    const { world, provider, process } = createStage({ kind: "lazy" });
    const { keeper } = process();
    for (const id of ["1", "2", "3"]) await keeper.adopt(id, provider.consent());
    const seen: string[] = [];
    for await (const { id } of keeper.list()) {
      seen.push(id);
      await world.run(keeper.revoke("2"));
    }
    expect(seen).toEqual(["1", "2", "3"]);
  });
});

import { expect, test, describe } from "vitest";
import type { RotationClass } from "../rotation-class.ts";
import type { KeeperProvider } from "./provider.ts";
import type { Entry } from "./store.ts";
import { errorOf } from "./testing/errors.ts";
import { plainVault } from "./testing/plain-vault.ts";
import { createStage, type Process, type Stage } from "./testing/stage.ts";
import { wrappingKey, type Keys, type Vault } from "./vault.ts";

/** Tests with virtual time use a vault that seals nothing; tests of the seal do not sleep. */
const real: Keys = { current: wrappingKey("2026", new Uint8Array(32).fill(1)) };
const hour = 3_600_000;
const lazy: RotationClass = { kind: "lazy" };
const none: RotationClass = { kind: "none" };
const replay: RotationClass = { kind: "replay", windowSeconds: 120 };
const grace: RotationClass = { kind: "grace", windowSeconds: 60 };
const forgiving: RotationClass[] = [replay, grace, { kind: "timed", everySeconds: 86_400 }, none];

const damaged = (sealed: string): string =>
  `${sealed.slice(0, 20)}${sealed[20] === "?" ? "!" : "?"}${sealed.slice(21)}`;

/** A grant at its second version, whose pair the store has damaged. `open` is another process. */
async function withDamage(
  rotation: RotationClass,
  change: (sealed: string) => string = damaged,
  keys: Keys | Vault = plainVault,
  set: Partial<KeeperProvider> = {},
) {
  const stage = createStage(rotation, set);
  const { keeper } = stage.process({ keys });
  await keeper.adopt("1", stage.provider.consent());
  await stage.world.pass(hour);
  await keeper.token("1");
  stage.edit((record) => ({ ...record, current: change(record.current) }));
  return {
    ...stage,
    open: (): Process => stage.process({ keys }),
    entry: (): Entry => stage.place.entries.get("g.1")!,
  };
}

/** A typed error that sends nothing and changes nothing, until a person signs in again. */
async function expectCleanEnd({
  world,
  provider,
  entry,
  open,
}: Stage & { entry(): Entry; open(): Process }): Promise<void> {
  const [before, posts] = [entry(), provider.posts.length];
  const { keeper, events } = open();
  expect(await world.run(errorOf(keeper.token("1")))).toMatchObject({ code: "unreadable", name: "KeeperError" });
  await world.run(keeper.sweep());
  expect([entry(), provider.posts.length, events]).toEqual([before, posts, []]);
  await keeper.adopt("1", provider.consent());
  expect(provider.accepts((await keeper.token("1")).accessToken)).toBe(true);
}

describe("C-11: a damaged pair gives way to its predecessor, the previous generation", () => {
  test.each(forgiving)("$kind: refreshes the predecessor before a token is handed out", async (rotation) => {
    const { world, provider, record, open } = await withDamage(rotation);
    const { keeper, events } = open();
    const kept = await world.run(keeper.token("1"));
    expect(provider.accepts(kept.accessToken)).toBe(true);
    expect(kept).toMatchObject({ version: 4, expiresInSeconds: 3600, scope: ["read", "write"], volatile: false });
    expect(provider.posts.map(({ refreshToken, outcome }) => [refreshToken, outcome])).toEqual([
      ["rt-1", "tokens"],
      ["rt-1", "tokens"],
    ]);
    expect(events.map(({ type, ...event }) => [type, "version" in event && event.version])).toEqual([
      ["restored", 3],
      ["rotated", 4],
    ]);
    expect(record()).toMatchObject({ state: "active", evidence: [{ code: "damaged_pair", version: 2 }] });
    expect(await keeper.explain("1")).toContain("version 2: damaged_pair");
  });

  test.each<[string, (sealed: string) => string]>([
    [
      "one character is another",
      (sealed) => `${sealed.slice(0, 20)}${sealed[20] === "A" ? "B" : "A"}${sealed.slice(21)}`,
    ],
    ["cut short", (sealed) => sealed.slice(0, 30)],
    ["no base64", (sealed) => `${sealed}?`],
    ["empty", () => ""],
    ["something else", () => "<html>"],
  ])("however the seal is damaged: %s", async (_, change) => {
    const { provider, open } = await withDamage(replay, change, real);
    expect(provider.accepts((await open().keeper.token("1")).accessToken)).toBe(true);
    expect(provider.posts.map(({ refreshToken }) => refreshToken)).toEqual(["rt-1", "rt-1"]);
  });

  test("three processes that find it at once restore one version and send one request", async () => {
    const { world, provider, open } = await withDamage(replay);
    const processes = [open(), open(), open()];
    const kept = await world.run(Promise.all(processes.map(({ keeper }) => keeper.token("1"))));
    expect(kept.map(({ version }) => version)).toEqual([4, 4, 4]);
    expect(provider.posts).toHaveLength(2);
    expect(processes.flatMap(({ events }) => events).filter(({ type }) => type === "restored")).toHaveLength(1);
  });

  test("a sweep restores it too, when the grant is due", async () => {
    const { world, record, open } = await withDamage(none);
    await world.pass(hour);
    expect(await world.run(open().keeper.sweep())).toEqual({ worked: 1, failed: {} });
    expect(record()).toMatchObject({ state: "active", version: 4 });
  });

  test("a caller whose token was rejected gets the next one", async () => {
    const { world, open } = await withDamage(replay);
    expect((await world.run(open().keeper.token("1", { rejected: "at-1" }))).version).toBe(4);
  });

  test("keeps a pair without a lifetime until a 401", async () => {
    const { world, provider, open } = await withDamage(none);
    const { refresh } = provider;
    provider.refresh = async (ask) => {
      const outcome = await refresh(ask);
      if (outcome.kind === "tokens") delete outcome.tokens.lifetimeSeconds;
      return outcome;
    };
    const { keeper } = open();
    expect((await world.run(keeper.token("1"))).expiresInSeconds).toBeUndefined();
    expect((await world.run(keeper.token("1"))).version).toBe(4);
  });

  test("revokes the predecessor at the provider, and hands out no token", async () => {
    const { world, provider, record, open } = await withDamage(replay);
    expect(await world.run(open().keeper.revoke("1"))).toBe("revoked");
    expect(provider.revoked).toEqual(["rt-1"]);
    expect(record()).toMatchObject({ state: "dead", cause: "revoked" });
  });

  test("keeps the predecessor's refresh token if a new consent returns none", async () => {
    const { world, provider, open } = await withDamage(none);
    const { keeper } = open();
    const { accessToken, lifetimeSeconds } = provider.consent();
    await keeper.adopt("1", { accessToken, lifetimeSeconds: lifetimeSeconds! });
    await world.pass(hour);
    expect((await world.run(keeper.token("1"))).version).toBe(5);
    expect(provider.posts.at(-1)).toMatchObject({ refreshToken: "rt-1", outcome: "tokens" });
  });
});

describe("C-11: rejects with 'unreadable' where the predecessor cannot help", () => {
  test.each<RotationClass>([{ kind: "strict" }, lazy])(
    "$kind: the predecessor is spent, and sending it would be reuse",
    async (rotation) => await expectCleanEnd(await withDamage(rotation)),
  );

  test("the provider reads intent keys, and another key would count as theft", async () =>
    await expectCleanEnd(await withDamage(replay, damaged, plainVault, { readsIntent: true })));

  test.each([replay, grace])("$kind, once its replay window has ended", async (rotation) => {
    const stage = await withDamage(rotation);
    await stage.world.pass(121_000);
    await expectCleanEnd(stage);
  });

  test("I3: during an open refresh, because the predecessor may then be two generations old", async () => {
    const stage = await withDamage(none);
    stage.edit((record) => ({ ...record, state: "ambiguous", intent: { startedAtMs: 0 } }));
    await expectCleanEnd(stage);
  });

  test("the predecessor is damaged as well, or missing", async () => {
    for (const change of [damaged, () => 5 as unknown as string]) {
      const stage = await withDamage(none);
      stage.edit((record) => ({ ...record, previous: change(record.previous!) }));
      await expectCleanEnd(stage);
    }
  });

  test("keeps what a missing data key sealed, until the key is back", async () => {
    const { world, provider, place, entry, open } = await withDamage(none, (sealed) => sealed, real);
    const { keeper } = open();
    await keeper.rekey();
    await world.pass(hour);
    await keeper.token("1");
    const [key, before] = [place.entries.get("k.2")!, entry()];
    place.entries.delete("k.2");
    expect(await errorOf(open().keeper.token("1"))).toMatchObject({ code: "unreadable" });
    expect(await errorOf(open().keeper.adopt("1", { accessToken: provider.consent().accessToken }))).toMatchObject({
      code: "unreadable",
    });
    expect([entry(), provider.posts.length]).toEqual([before, 2]);
    place.entries.set("k.2", key);
    expect((await open().keeper.token("1")).version).toBe(3);
  });

  test("a refused predecessor is suspect, then ended, with the URL to connect again", async () => {
    const { world, provider, open } = await withDamage(none);
    provider.end();
    const { keeper } = open();
    const codes = new Set<string>();
    for (let minutes = 0; minutes < 20; minutes++) {
      codes.add((await world.run(errorOf(keeper.token("1")))).code);
      await world.pass(60_000);
    }
    expect([...codes]).toEqual(["suspect", "ended"]);
    expect(await world.run(errorOf(keeper.token("1")))).toMatchObject({ reconnectUrl: "https://app.example/connect" });
  });

  test("drops a damaged pair if the new consent returns no refresh token", async () => {
    const { provider, open } = await withDamage({ kind: "strict" });
    const { keeper } = open();
    const { accessToken } = provider.consent();
    await keeper.adopt("1", { accessToken });
    expect((await keeper.token("1")).accessToken.reveal()).toBe(accessToken.reveal());
  });
});

test("counts a pair adopted over a damaged record as new, also in a process that had read the record before", async () => {
  const { world, provider, process, place } = createStage({ kind: "none" });
  const [one, other] = [process(), process()];
  await one.keeper.adopt("1", provider.consent());
  await other.keeper.token("1");
  await world.pass(3_500_000);
  place.entries.set("g.1", { revision: place.entries.get("g.1")!.revision, value: '{"format":1,"id' });
  await one.keeper.adopt("1", provider.consent());
  expect((await other.keeper.token("1")).expiresInSeconds).toBe(3600);
  expect(provider.posts).toEqual([]);
});

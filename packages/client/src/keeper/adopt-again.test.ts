import { describe, expect, test } from "vitest";
import { Sealed } from "@symbolon/protocol";
import type { RotationClass } from "../rotation-class.ts";
import { errorOf } from "./testing/errors.ts";
import { memoryStore } from "./memory-store.ts";
import { hour, strict } from "./testing/given.ts";
import { adopted, createStage, failAfterPost, failingStore, type Process, type Stage } from "./testing/stage.ts";

/** A process whose writes under `key` fail from here on, before or after they are done. */
const breaking = (process: Process, key: string, how: "before" | "after" | false): void =>
  void (process.store.failing = (operation, of) => (operation === "write" && of.startsWith(key) ? how : false));

/** An adoption that was stored and answered with "store_unavailable", and a refresh by another process since. */
async function adoptedUnknown(rotation: RotationClass, subject?: string) {
  const stage = createStage(rotation);
  const one = stage.process();
  const other = stage.process();
  const tokens = stage.provider.consent();
  const adopt = (process: Process = one): Promise<void> =>
    process.keeper.adopt("1", tokens, subject === undefined ? {} : { subject });
  breaking(one, "g.", "after");
  expect(await errorOf(adopt())).toMatchObject({ code: "store_unavailable" });
  breaking(one, "g.", false);
  return { ...stage, one, other, adopt, tokens };
}

const refreshed = async ({ world }: Stage, { keeper }: Process): Promise<number> => {
  await world.pass(hour);
  return (await world.run(keeper.token("1"))).version;
};

describe("refresh-tokens.md B5: adopting the same tokens again after an unknown outcome", () => {
  const classes: RotationClass[] = [strict, { kind: "lazy" }, { kind: "none" }, { kind: "grace", windowSeconds: 30 }];
  test.each(classes)(
    "keeps the newer pair where the tokens had been stored and refreshed since ($kind)",
    async (rotation) => {
      const stage = await adoptedUnknown(rotation);
      expect(await refreshed(stage, stage.other)).toBe(2);
      const before = stage.record();
      for (const process of [stage.one, stage.other, stage.process()]) await stage.adopt(process);
      expect(stage.record()).toEqual(before);
      const kept = await stage.world.run(stage.one.keeper.token("1"));
      expect([kept.version, stage.provider.accepts(kept.accessToken)]).toEqual([2, true]);
      expect(await refreshed(stage, stage.one)).toBe(3);
      expect(stage.provider.posts.map(({ outcome }) => outcome)).toEqual(["tokens", "tokens"]);
    },
  );

  test("stores the answer of a refresh that is under way, instead of the outbox taking it", async () => {
    const stage = await adoptedUnknown(strict);
    await stage.world.pass(hour);
    stage.provider.faults.push({ afterMs: 3000 });
    const refreshing = stage.other.keeper.token("1");
    await stage.world.pass(1000);
    await stage.adopt();
    expect((await stage.world.run(refreshing)).version).toBe(2);
    expect(stage.other.events.map(({ type }) => type)).toEqual(["rotated"]);
  });

  test("stores the tokens where the first call had not", async () => {
    const { provider, process, record } = createStage(strict);
    const one = process();
    const tokens = provider.consent();
    breaking(one, "g.", "before");
    expect(await errorOf(one.keeper.adopt("1", tokens))).toMatchObject({ code: "store_unavailable" });
    breaking(one, "g.", false);
    await one.keeper.adopt("1", tokens);
    expect(record()).toMatchObject({ version: 1, state: "active" });
  });

  test("does not put an older consent back after a newer one", async () => {
    const { other, provider, adopt, record } = await adoptedUnknown(strict);
    await other.keeper.adopt("1", provider.consent());
    const before = record();
    await adopt();
    expect(record()).toEqual(before);
  });

  test.each(["revoked", "refused"] as const)(
    "rejects with 'ended' where the grant was %s since, and the grant stays dead",
    async (cause) => {
      const { world, other, provider, adopt, record } = await adoptedUnknown({ kind: "lazy" });
      if (cause === "revoked") await world.run(other.keeper.revoke("1"));
      else {
        await world.pass(hour);
        provider.faults.push({ kind: "refused", about: "grant", code: "invalid_grant", status: 400, final: true });
        await world.run(errorOf(other.keeper.token("1")));
      }
      expect(await errorOf(adopt())).toMatchObject({
        code: "ended",
        ended: cause,
        reconnectUrl: "https://app.example/connect",
      });
      expect(record()).toMatchObject({ state: "dead", cause });
      await other.keeper.adopt("1", provider.consent());
      expect(record().state).toBe("active");
    },
  );

  test("takes tokens that are the same in part for another consent: providers that never rotate give one refresh token twice", async () => {
    const { other, tokens, record } = await adoptedUnknown({ kind: "none" });
    await other.keeper.adopt("1", { ...tokens, accessToken: new Sealed("at-of-the-second-consent") });
    expect(record().version).toBe(2);
  });

  test("records a digest of the ten latest adoptions, and no token", async () => {
    const { provider, process, record } = createStage(strict);
    const { keeper } = process();
    for (let times = 0; times < 12; times++) await keeper.adopt("1", provider.consent());
    expect(record().adopted).toHaveLength(10);
    expect(JSON.stringify(record().adopted)).not.toMatch(/[ar]t-\d/);
  });
});

describe("refresh-tokens.md B3.9: adopting the same tokens again, and the subject's older grant", () => {
  /** The grant "old" of the same subject, and an adoption of "1" that failed at a write under `key`. */
  async function halfReplaced(key: "g.old" | "s.") {
    const stage = createStage(strict);
    const one = stage.process();
    const tokens = stage.provider.consent();
    const adopt = (): Promise<void> => one.keeper.adopt("1", tokens, { subject: "anna" });
    await one.keeper.adopt("old", stage.provider.consent(), { subject: "anna" });
    breaking(one, key, "before");
    expect(await errorOf(adopt())).toMatchObject({ code: "store_unavailable" });
    breaking(one, key, false);
    return { ...stage, one, adopt };
  }

  test("finishes the replacement that the first call left undone", async () => {
    const { adopt, record } = await halfReplaced("g.old");
    expect(record("old").state).toBe("active");
    await adopt();
    expect(record("old")).toMatchObject({ state: "dead", cause: "replaced" });
    expect(record("1").state).toBe("active");
  });

  test("names the grant that a later consent replaces, where the first call had not", async () => {
    const { one, provider, adopt, record } = await halfReplaced("s.");
    await adopt();
    await one.keeper.adopt("new", provider.consent(), { subject: "anna" });
    expect(record("1")).toMatchObject({ state: "dead", cause: "replaced" });
  });

  test("does not replace a newer consent under another id by the older one", async () => {
    const { one, provider, adopt, record } = await halfReplaced("s.");
    await one.keeper.adopt("new", provider.consent(), { subject: "anna" });
    await adopt();
    expect(record("new").state).toBe("active");
  });

  test("does not replace a newer consent where the subject had no grant before", async () => {
    const { provider, process, record } = createStage(strict);
    const one = process();
    const tokens = provider.consent();
    const adopt = (): Promise<void> => one.keeper.adopt("1", tokens, { subject: "anna" });
    breaking(one, "s.", "before");
    await errorOf(adopt());
    breaking(one, "s.", false);
    await one.keeper.adopt("new", provider.consent(), { subject: "anna" });
    await adopt();
    expect(record("new").state).toBe("active");
  });

  test("changes no other grant where the id has been given to another subject since", async () => {
    const { provider, process, record, place } = createStage(strict);
    // The revisions of each key begin at 1, as a store may number them.
    const store = memoryStore(place);
    const one = process({
      store: {
        ...store,
        async write(key, expected, value) {
          place.revision = place.entries.get(key)?.revision ?? 0;
          return store.write(key, expected, value);
        },
      },
    });
    const tokens = provider.consent();
    await one.keeper.adopt("1", tokens, { subject: "anna" });
    place.entries.delete([...place.entries.keys()].find((key) => key.startsWith("s."))!);
    await one.keeper.adopt("new", provider.consent(), { subject: "anna" });
    await one.keeper.adopt("of bert", provider.consent(), { subject: "bert" });
    await one.keeper.adopt("1", provider.consent(), { subject: "bert" });
    expect(record("1").subjectSeen).toBe(1);
    await one.keeper.adopt("1", tokens, { subject: "anna" });
    expect(record("new").state).toBe("active");
  });

  test("replaces the subject's entry where it is damaged", async () => {
    const { provider, process, place } = createStage(strict);
    const { keeper } = process();
    const tokens = provider.consent();
    await keeper.adopt("1", tokens, { subject: "anna" });
    const key = [...place.entries.keys()].find((one) => one.startsWith("s."))!;
    place.entries.set(key, { revision: ++place.revision, value: "<html>" });
    await keeper.adopt("1", tokens, { subject: "anna" });
    expect(place.entries.get(key)!.value).toBe('{"id":"1"}');
  });
});

describe("refresh-tokens.md B5: adopting the same tokens again while this process holds an answer", () => {
  /** Without an outbox that answers, so that the answer is in memory only. */
  async function holding() {
    const stage = await adopted(strict);
    const outbox = failingStore(memoryStore());
    outbox.failing = () => "before";
    const { keeper, store, events } = stage.process({ outbox });
    const tokens = stage.provider.consent();
    await keeper.adopt("1", tokens);
    await stage.world.pass(hour);
    return { ...stage, keeper, store, events, tokens };
  }

  test("keeps the answer of a refresh of these tokens", async () => {
    const { world, provider, keeper, store, record, tokens } = await holding();
    const repair = failAfterPost({ provider, store });
    expect((await world.run(keeper.token("1"))).volatile).toBe(true);
    repair();
    await keeper.adopt("1", tokens);
    expect(await world.run(keeper.token("1"))).toMatchObject({ version: 3, volatile: false });
    expect([record().version, provider.posts.length]).toEqual([3, 1]);
  });

  test("drops the answer of a refresh of earlier tokens, also of a record without adoptions", async () => {
    const { world, provider, keeper, store, edit, process, events } = await holding();
    edit((found) => ({ ...found, adopted: undefined }));
    const repair = failAfterPost({ provider, store });
    expect((await world.run(keeper.token("1"))).volatile).toBe(true);
    repair();
    const later = provider.consent();
    await process().keeper.adopt("1", later);
    await keeper.adopt("1", later);
    const kept = await world.run(keeper.token("1"));
    expect(kept.accessToken.reveal()).toBe(later.accessToken.reveal());
    expect(events.map(({ type }) => type)).not.toContain("late_answer");
  });
});

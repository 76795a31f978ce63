import { describe, expect, test } from "vitest";
import { errorOf } from "./testing/errors.ts";
import { grace, hour, lazy, none, refusal, strict } from "./testing/given.ts";
import { adopted, createStage, failAfterPost, type Stage } from "./testing/stage.ts";

/** What a process that died leaves after it wrote its intent. */
const diedSending = ({ edit }: Stage): void =>
  edit((found) => ({
    ...found,
    fence: found.fence + 1,
    state: "refreshing",
    intent: { startedAtMs: 1 },
    lease: { owner: "died", beat: 0, ms: 24_000 },
  }));

describe("refresh-tokens.md B3.2: an outcome that is unknown stays unknown", () => {
  test("a later try under the same lease that was certainly not processed leaves the grant ambiguous", async () => {
    const { world, provider, keeper, record } = await adopted(lazy);
    await world.pass(hour);
    provider.faults.push("lost", { kind: "not_processed", code: "rate_limited", status: 429 });
    await world.run(errorOf(keeper.token("1")));
    expect(provider.posts.map(({ outcome }) => outcome)).toEqual(["lost", "not_processed"]);
    expect(record()).toMatchObject({ state: "ambiguous", intent: {} });
  });
});

describe("refresh-tokens.md B6: taking over the refresh of another process", () => {
  /** When the lease is taken, and when the POST leaves. */
  async function takenOver(storeMs: number) {
    const stage = createStage(lazy);
    const { world, provider } = stage;
    const { keeper, store } = stage.process();
    await keeper.adopt("1", provider.consent());
    await world.pass(hour);
    diedSending(stage);
    let takenAtMs: number | undefined;
    const { write } = store;
    store.write = async (key, expected, value) => {
      const written = await write(key, expected, value);
      if (key === "g.1" && takenAtMs === undefined) {
        await world.sleep(storeMs);
        takenAtMs = world.monotonicMs();
      }
      return written;
    };
    await world.run(keeper.token("1"));
    return provider.posts[0]!.atMs - takenAtMs!;
  }

  test("waits half a second before it sends, so that the former holder can store its answer", async () => {
    expect(await takenOver(0)).toBe(500);
  });

  test("waits twice as long as the store took for the lease", async () => {
    expect(await takenOver(3000)).toBe(6000);
  });

  test("sends nothing where the former holder stores its answer within the pause", async () => {
    const stage = await adopted(strict);
    const { world, provider, keeper, edit, record } = stage;
    const other = stage.process();
    await world.pass(hour);
    provider.faults.push({ afterMs: 9000 });
    const answered = other.keeper.token("1");
    await world.pass(8700);
    edit((found) => ({ ...found, lease: undefined }));
    const taking = keeper.token("1");
    expect((await world.run(Promise.all([answered, taking]))).map(({ version }) => version)).toEqual([2, 2]);
    expect(provider.posts).toHaveLength(1);
    expect(record()).toMatchObject({ state: "active", version: 2 });
  });
});

describe("refresh-tokens.md B6: a lease", () => {
  test("a retry that could end after three lengths of the lease is not sent", async () => {
    const { world, provider, keeper, store } = await adopted(lazy);
    await world.pass(hour);
    const { read } = store;
    store.read = async (key) => {
      await world.sleep(65_000);
      return read(key);
    };
    provider.faults.push("lost", "lost", "lost");
    await world.run(errorOf(keeper.token("1")));
    expect(provider.posts).toHaveLength(1);
  });

  test("has a heartbeat after each third of it during a request", async () => {
    const { world, provider, keeper, record } = await adopted(strict);
    await world.pass(hour);
    provider.faults.push({ afterMs: 9500 });
    const fetching = keeper.token("1");
    await world.pass(7900);
    expect(record().lease).toMatchObject({ beat: 0, ms: 24_000 });
    await world.pass(200);
    expect(record().lease).toMatchObject({ beat: 1, ms: 24_000 });
    await world.run(fetching);
  });

  test("of the same owner under a later fencing token is another lease: a refusal under the earlier one is not written", async () => {
    const { world, provider, keeper, edit, record } = await adopted(lazy);
    await world.pass(hour);
    provider.refresh = async (ask) => {
      provider.posts.push({ refreshToken: ask.refreshToken.reveal(), atMs: world.monotonicMs(), outcome: "refused" });
      if (provider.posts.length === 1) edit((found) => ({ ...found, fence: found.fence + 1 }));
      return refusal;
    };
    await world.run(errorOf(keeper.token("1")));
    expect(provider.posts).toHaveLength(2);
    expect(record()).toMatchObject({ state: "suspect", suspicion: { refusals: 1 }, fence: 4 });
  });
});

describe("refresh-tokens.md B6: late answers", () => {
  test("the late answer of an earlier lease does not replace the pair of a later one (grace)", async () => {
    const stage = await adopted(grace);
    const { world, provider, keeper, edit, record } = stage;
    const other = stage.process();
    await world.pass(hour);
    provider.faults.push({ afterMs: 9000 });
    const early = keeper.token("1");
    await world.pass(500);
    edit((found) => ({ ...found, lease: undefined }));
    const later = await world.run(other.keeper.token("1"));
    await world.run(early);
    const kept = await world.run(keeper.token("1"));
    expect(provider.posts.map(({ outcome }) => outcome)).toEqual(["tokens", "tokens"]);
    expect(record().version).toBe(2);
    expect(kept.accessToken.reveal()).toBe(later.accessToken.reveal());
    expect(provider.accepts(kept.accessToken)).toBe(true);
    expect(stage.events.map(({ type }) => type)).toContain("late_answer");
  });

  test("the answer of a later lease replaces the pair that an earlier one stored last (grace)", async () => {
    const stage = await adopted(grace);
    const { world, provider, keeper, edit, record } = stage;
    const other = stage.process();
    await world.pass(hour);
    provider.faults.push({ afterMs: 3000 }, { afterMs: 5000 });
    const early = keeper.token("1");
    await world.pass(500);
    edit((found) => ({ ...found, lease: undefined }));
    const later = other.keeper.token("1");
    await world.run(Promise.all([early, later]));
    const kept = await world.run(keeper.token("1"));
    expect(record().version).toBe(3);
    expect(provider.accepts(kept.accessToken)).toBe(true);
  });

  test("a pair in the outbox whose grant has been refreshed since stays there, though its refresh token is the present one (none)", async () => {
    const { world, provider, keeper, store, place, record } = await adopted(none);
    await world.pass(hour);
    const repair = failAfterPost({ provider, store });
    await world.run(keeper.token("1"));
    repair();
    store.failing = (operation) => operation === "remove" && "before";
    await world.run(keeper.token("1"));
    await world.pass(hour);
    const fresh = await world.run(keeper.token("1"));
    store.failing = () => false;
    expect([...place.entries.keys()].filter((key) => key.startsWith("v."))).toHaveLength(1);
    await world.run(keeper.sweep());
    const kept = await world.run(keeper.token("1"));
    expect(record().version).toBe(3);
    expect(kept.accessToken.reveal()).toBe(fresh.accessToken.reveal());
  });

  test("a held answer is dropped when the user consents again, and is not served from memory (B5)", async () => {
    const { world, provider, keeper, store, events } = await adopted(strict);
    await world.pass(hour);
    const repair = failAfterPost({ provider, store });
    expect((await world.run(keeper.token("1"))).volatile).toBe(true);
    repair();
    const consent = provider.consent();
    await keeper.adopt("1", consent);
    store.failing = (operation) => operation === "read" && "before";
    expect(await world.run(errorOf(keeper.token("1")))).toMatchObject({ code: "store_unavailable" });
    store.failing = () => false;
    expect((await keeper.token("1")).accessToken.reveal()).toBe(consent.accessToken.reveal());
    expect(events.map(({ type }) => type)).not.toContain("late_answer");
  });

  test("a held answer is dropped also where the new consent was stored, and the store did not say so (B5)", async () => {
    const { world, provider, keeper, store } = await adopted(strict);
    await world.pass(hour);
    const repair = failAfterPost({ provider, store });
    expect((await world.run(keeper.token("1"))).volatile).toBe(true);
    repair();
    const consent = provider.consent();
    store.failing = (operation) => operation === "write" && "after";
    expect(await errorOf(keeper.adopt("1", consent))).toMatchObject({ code: "store_unavailable" });
    store.failing = () => false;
    await keeper.adopt("1", consent);
    store.failing = (operation) => operation === "read" && "before";
    expect(await world.run(errorOf(keeper.token("1")))).toMatchObject({ code: "store_unavailable" });
  });
});

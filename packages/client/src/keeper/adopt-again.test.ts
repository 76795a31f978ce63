import { describe, expect, test } from "vitest";
import { Sealed } from "@symbolon/protocol";
import type { RotationClass } from "../rotation-class.ts";
import { errorOf } from "./testing/errors.ts";
import { createStage, type Process, type Stage } from "./testing/stage.ts";

const strict: RotationClass = { kind: "strict" };
const hour = 3_600_000;

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
  /**
   * The grant "old" of the same subject, and an adoption of "1" that failed between its record and the subject's entry.
   */
  async function halfReplaced() {
    const stage = createStage(strict);
    const one = stage.process();
    const tokens = stage.provider.consent();
    const adopt = (): Promise<void> => one.keeper.adopt("1", tokens, { subject: "anna" });
    await one.keeper.adopt("old", stage.provider.consent(), { subject: "anna" });
    breaking(one, "s.", "before");
    await errorOf(adopt());
    breaking(one, "s.", false);
    return { ...stage, one, adopt };
  }

  test("finishes the replacement that the first call left undone", async () => {
    const { adopt, record } = await halfReplaced();
    await adopt();
    expect(record("old")).toMatchObject({ state: "dead", cause: "replaced" });
    expect(record("1").state).toBe("active");
  });

  test("does not replace a newer consent under another id by the older one", async () => {
    const { one, provider, adopt, record } = await halfReplaced();
    await one.keeper.adopt("new", provider.consent(), { subject: "anna" });
    await adopt();
    expect(record("new").state).toBe("active");
  });
});

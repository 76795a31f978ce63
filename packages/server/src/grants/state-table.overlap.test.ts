import { describe, expect, test } from "vitest";
import {
  key,
  otherKey,
  overlappingFamily,
  presets,
  settlingFamily,
  startFamily,
  type Family,
} from "../../test/token-family.ts";

const theft = ["refresh.reuse_detected", "grant.revoked", "refresh.refused"];

async function expectTheft(family: Family, generation: number, more: Record<string, string> = {}): Promise<void> {
  const { answer, events } = await family.during(() => family.present(generation, more));
  expect([answer.status, answer.json().error]).toEqual([400, "invalid_grant"]);
  expect(events).toEqual(theft);
  expect(await family.stands()).toBe("revoked(refresh_token_reuse)");
}

describe.each(presets)("A7: overlap, %s", (preset) => {
  test("the head confirms delivery and gets a new pair", async () => {
    const family = await overlappingFamily(preset);
    expect(await family.stands()).toBe("overlap(3)");
    const { answer, events } = await family.during(() => family.present(3, { refresh_intent: key }));
    expect(answer.status).toBe(200);
    expect(await family.stands()).toBe("overlap(4)");
    expect(events).toEqual(["refresh.delivered", "refresh.rotated"]);
  });

  test("the predecessor gets the same successor, and the replay is counted", async () => {
    const family = await overlappingFamily(preset);
    for (const replays of [1, 2, 3]) {
      const { answer, events } = await family.during(() => family.present(2, { refresh_intent: key }));
      expect(answer.status).toBe(200);
      expect(answer.json().refresh_token).toBe(family.pair(3).refresh_token);
      expect(answer.json().access_token).toBe(family.pair(3).access_token);
      expect(events).toEqual(["refresh.replayed"]);
      expect((await family.row()).replays).toBe(replays);
    }
    expect(await family.stands()).toBe("overlap(3)");
  });

  test("the predecessor with another key is reuse", async () =>
    expectTheft(await overlappingFamily(preset), 2, { refresh_intent: otherKey }));

  test("an ancestor is reuse, with any key", async () =>
    expectTheft(await overlappingFamily(preset), 1, { refresh_intent: key }));

  test("a rotation resets the count of replays", async () => {
    const family = await overlappingFamily(preset);
    await family.present(2, { refresh_intent: key });
    await family.rotate({ refresh_intent: otherKey });
    expect((await family.row()).replays).toBe(0);
  });
});

describe("TK-11: one replay more than the preset allows is reuse", () => {
  test.each([
    ["lazy", 50],
    ["window", 50],
    ["strict", 3],
  ] as const)("%s allows %i", async (preset, limit) => {
    const family = await overlappingFamily(preset);
    for (let count = 0; count < limit; count++)
      expect((await family.present(2, { refresh_intent: key })).status).toBe(200);
    await expectTheft(family, 2, { refresh_intent: key });
  });
});

describe("A7: the first use of the new access token closes the overlap", () => {
  test("lazy: settling; the old access token is inactive and the new one active", async () => {
    const family = await overlappingFamily("lazy");
    expect(await family.use(2)).toBe(true);
    const { answer, events } = await family.during(() => family.use(3));
    expect([answer, events]).toEqual([true, ["refresh.delivered"]]);
    expect(await family.stands()).toBe("settling(3)");
    expect([await family.use(1), await family.use(2), await family.use(3)]).toEqual([false, false, true]);
  });

  test("window: still overlap, delivery confirmed; the old access token stays active", async () => {
    const family = await overlappingFamily("window");
    expect(await family.during(() => family.use(3))).toEqual({ answer: true, events: ["refresh.delivered"] });
    expect(await family.stands()).toBe("overlap(3)");
    expect([await family.use(1), await family.use(2), await family.use(3)]).toEqual([true, true, true]);
    expect((await family.present(2)).json().refresh_token).toBe(family.pair(3).refresh_token);
  });

  test("strict with a key: settled; the old access token stays active", async () => {
    const family = await overlappingFamily("strict");
    expect(await family.during(() => family.use(3))).toEqual({ answer: true, events: ["refresh.delivered"] });
    expect(await family.stands()).toBe("settled(3)");
    expect([await family.use(1), await family.use(2)]).toEqual([true, true]);
    await expectTheft(family, 2, { refresh_intent: key });
  });

  test("the use of an older access token confirms nothing", async () => {
    const family = await overlappingFamily("lazy");
    expect(await family.during(() => family.use(2))).toEqual({ answer: true, events: [] });
    expect(await family.stands()).toBe("overlap(3)");
  });
});

describe("A7: the replay window ends on the second", () => {
  test("window: accepts the predecessor after 119 seconds and rejects it after 120", async () => {
    const family = await startFamily("window");
    await family.rotate();
    family.world.advance(119);
    expect([await family.stands(), (await family.present(1)).status]).toEqual(["overlap(2)", 200]);
    family.world.advance(1);
    expect([await family.stands(), (await family.present(1)).status]).toEqual(["settled(2)", 400]);
  });

  test("lazy: accepts the predecessor after 29 days, without a window", async () => {
    const family = await startFamily("lazy");
    await family.rotate();
    family.world.advance(29 * 86_400);
    expect((await family.present(1)).json().refresh_token).toBe(family.pair(2).refresh_token);
  });
});

describe("A7: settling", () => {
  test("the head gets a new pair, and delivery is not reported twice", async () => {
    const family = await settlingFamily();
    expect((await family.during(() => family.rotate())).events).toEqual(["refresh.rotated"]);
    expect(await family.stands()).toBe("overlap(4)");
  });

  test("a late retry of a second process is refused; nothing is issued or revoked", async () => {
    const family = await settlingFamily();
    const before = await family.row();
    family.world.advance(9);
    const { answer, events } = await family.during(() => family.present(2));
    expect([answer.status, answer.json().error]).toEqual([400, "invalid_grant"]);
    expect(events).toEqual(["refresh.late_retry", "refresh.refused"]);
    expect(await family.row()).toEqual(before);
    expect([await family.stands(), await family.use(3)]).toEqual(["settling(3)", true]);
  });

  test("an ancestor is reuse", async () => expectTheft(await settlingFamily(), 1));

  test("ten seconds after delivery the predecessor is reuse", async () => {
    const family = await settlingFamily();
    family.world.advance(10);
    expect(await family.stands()).toBe("settled(3)");
    await expectTheft(family, 2);
  });
});

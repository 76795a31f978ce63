import { describe, expect, test } from "vitest";
import { key, presets, settledFamily, startFamily } from "../../test/token-family.ts";

const theft = ["refresh.reuse_detected", "grant.revoked", "refresh.refused"];

describe.each(presets)("A7: a settled grant, %s", (preset) => {
  const expected = preset === "window" ? ["refresh.window_closed", ...theft] : theft;

  test("a new grant is settled", async () => expect(await (await startFamily(preset)).stands()).toBe("settled(1)"));

  test("the head of a new grant gets a new pair", async () => {
    const family = await startFamily(preset);
    const { answer, events } = await family.during(() => family.present(1));
    expect(answer.status).toBe(200);
    expect(answer.json().refresh_token).not.toBe(family.pair(1).refresh_token);
    expect(answer.json().access_token).not.toBe(family.pair(1).access_token);
    expect(await family.stands()).toBe(preset === "strict" ? "settled(2)" : "overlap(2)");
    expect(events).toEqual(["refresh.rotated"]);
  });

  test("the head of a new grant, with a key, opens an overlap under every preset", async () => {
    const family = await startFamily(preset);
    await family.present(1, { refresh_intent: key });
    expect(await family.stands()).toBe("overlap(2)");
  });

  test("the head of a settled grant gets a new pair", async () => {
    const family = await settledFamily(preset);
    expect(await family.stands()).toBe("settled(2)");
    const { answer, events } = await family.during(() => family.present(2));
    expect(answer.status).toBe(200);
    expect(await family.stands()).toBe(preset === "strict" ? "settled(3)" : "overlap(3)");
    expect(events.at(-1)).toBe("refresh.rotated");
    expect(events).not.toContain("refresh.delivered");
  });

  test("the predecessor is reuse", async () => {
    const family = await settledFamily(preset);
    const { answer, events } = await family.during(() => family.present(1));
    expect([answer.status, answer.json().error]).toEqual([400, "invalid_grant"]);
    expect(await family.stands()).toBe("revoked(refresh_token_reuse)");
    expect(events).toEqual(expected);
    expect(await family.use(2)).toBe(false);
  });

  test("an ancestor is reuse", async () => {
    const family = await settledFamily(preset);
    await family.rotate();
    if (preset === "lazy") await family.use(3);
    family.world.advance(120);
    expect(await family.stands()).toBe("settled(3)");
    const { answer, events } = await family.during(() => family.present(1));
    expect([answer.status, answer.json().error]).toEqual([400, "invalid_grant"]);
    expect(await family.stands()).toBe("revoked(refresh_token_reuse)");
    expect(events).toEqual(expected);
  });

  test("the first use of the access token is recorded once and changes nothing else", async () => {
    const family = await startFamily(preset);
    const first = await family.during(() => family.use(1));
    const second = await family.during(() => family.use(1));
    expect([first, second]).toEqual([
      { answer: true, events: ["refresh.delivered"] },
      { answer: true, events: [] },
    ]);
    expect(await family.stands()).toBe("settled(1)");
  });

  test("the reuse event says whether the successor was used", async () => {
    const family = await settledFamily(preset);
    await family.present(1);
    expect(family.world.events.find(({ name }) => name === "refresh.reuse_detected")).toMatchObject({
      grant: family.grant,
      client: "app",
      presented: 1,
      head: 2,
      delivered: preset === "lazy",
    });
  });
});

describe("A7: a replay window that ended by time", () => {
  test.each([[false], [true]])("is reported once, at the next event, with delivered: %s", async (delivered) => {
    const family = await startFamily("window");
    await family.rotate();
    if (delivered) await family.use(2);
    family.world.advance(120);
    const { events } = await family.during(() => family.rotate());
    expect(events).toEqual(["refresh.window_closed", "refresh.rotated"]);
    expect(family.world.events.find(({ name }) => name === "refresh.window_closed")).toEqual({
      name: "refresh.window_closed",
      grant: family.grant,
      generation: 2,
      delivered,
    });
  });

  test("strict: the 24 hours of a key are a window; a rotation without a key has none", async () => {
    const family = await startFamily("strict");
    await family.rotate({ refresh_intent: key });
    family.world.advance(24 * 3600);
    expect((await family.during(() => family.rotate())).events).toEqual(["refresh.window_closed", "refresh.rotated"]);
    expect((await family.during(() => family.rotate())).events).toEqual(["refresh.rotated"]);
  });
});

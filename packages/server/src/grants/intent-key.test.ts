import { describe, expect, test } from "vitest";
import { key, otherKey, presets, startFamily, type Family, type Preset } from "../../test/token-family.ts";

const day = 24 * 3600;
const [same, none, different] = [{ refresh_intent: key }, {}, { refresh_intent: otherKey }];

/** Rotated once with these parameters, a while ago. */
async function rotated(preset: Preset, more: Record<string, string>, ago: number): Promise<Family> {
  const family = await startFamily(preset);
  await family.rotate(more);
  family.world.advance(ago);
  return family;
}

/** key of the rotation | key of the predecessor | after seconds | accepted under lazy, window 120, strict? */
const table: [string, Record<string, string>, Record<string, string>, number, Record<Preset, boolean>][] = [
  ["the same key, at once", same, same, 0, { lazy: true, window: true, strict: true }],
  ["the same key, just inside 24 h", same, same, day - 1, { lazy: true, window: true, strict: true }],
  ["the same key, 24 h later", same, same, day, { lazy: true, window: false, strict: false }],
  ["no key, at once", same, none, 0, { lazy: true, window: true, strict: false }],
  ["no key, after the preset's window", same, none, 120, { lazy: true, window: false, strict: false }],
  ["a different key, at once", same, different, 0, { lazy: false, window: false, strict: false }],
  ["a different key, after the preset's window", same, different, 120, { lazy: false, window: false, strict: false }],
  ["a key, though the rotation had none", none, same, 0, { lazy: true, window: true, strict: false }],
  [
    "a key, though the rotation had none, after the window",
    none,
    same,
    120,
    { lazy: true, window: false, strict: false },
  ],
  ["no key on either side", none, none, 0, { lazy: true, window: true, strict: false }],
];

describe.each(presets)("A6, TK-11: the intent key, %s", (preset) => {
  test.each(table)("%s", async (_what, rotation, replay, ago, served) => {
    const family = await rotated(preset, rotation, ago);
    const answer = await family.present(1, replay);
    expect(answer.status).toBe(served[preset] ? 200 : 400);
    expect(await family.stands()).toBe(served[preset] ? "overlap(2)" : "revoked(refresh_token_reuse)");
    if (served[preset]) expect(answer.json().refresh_token).toBe(family.pair(2).refresh_token);
  });

  test("the same key after the new refresh token was used is treated as reuse", async () => {
    const family = await rotated(preset, same, 0);
    await family.rotate(same);
    expect((await family.present(1, same)).status).toBe(400);
    expect(await family.stands()).toBe("revoked(refresh_token_reuse)");
  });

  test("the same key is accepted after the access token was used only within the window of the preset `window`", async () => {
    const family = await rotated(preset, same, 0);
    await family.use(2);
    family.world.advance(10);
    expect((await family.present(1, same)).status).toBe(preset === "window" ? 200 : 400);
    family.world.advance(110);
    expect((await family.present(1, same)).status).toBe(400);
    expect(await family.stands()).toBe("revoked(refresh_token_reuse)");
  });
});

describe("A6: the format of an intent key", () => {
  test.each([
    ["21 characters", "a".repeat(21)],
    ["129 characters", "a".repeat(129)],
    ["a space", `${"a".repeat(22)} b`],
    ["a character outside RFC 3986 unreserved", `${"a".repeat(22)}+`],
  ])("%s: refused before anything is looked at", async (_what, refresh_intent) => {
    const family = await startFamily("strict");
    const answer = await family.present(1, { refresh_intent });
    expect([answer.status, answer.json().error]).toEqual([400, "invalid_request"]);
    expect(await family.stands()).toBe("settled(1)");
  });

  test.each([
    ["22 characters", "a".repeat(22)],
    ["128 characters", "a".repeat(128)],
  ])("%s: taken", async (_what, refresh_intent) =>
    expect((await (await startFamily("strict")).present(1, { refresh_intent })).status).toBe(200),
  );

  test("an empty key counts as absent", async () => {
    const family = await startFamily("strict");
    await family.rotate({ refresh_intent: "" });
    expect((await family.row()).intent).toBeNull();
  });

  test("S7: the row holds a hash of the key", async () => {
    const family = await startFamily("strict");
    await family.rotate(same);
    const { intent } = await family.row();
    expect(Buffer.from(intent!).toString("latin1")).not.toContain(key.slice(0, 8));
    expect(intent!.length).toBeGreaterThanOrEqual(16);
  });
});

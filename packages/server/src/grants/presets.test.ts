import { describe, expect, test } from "vitest";
import { Sealed } from "@symbolon/protocol";
import { key, overlappingFamily, presets, startFamily, type Family, type Preset } from "../../test/token-family.ts";

/** The answer to a replay of the predecessor of the newest pair, as text. */
const replay = async (family: Family, generation: number): Promise<string> =>
  (await family.present(generation, { refresh_intent: key })).body;

describe("A6: a replay returns", () => {
  test.each(presets)("%s: the same refresh token and the same access token", async (preset) => {
    const family = await overlappingFamily(preset);
    family.world.advance(100);
    const again = JSON.parse(await replay(family, 2));
    const { refresh_token, access_token, created_at } = family.pair(3);
    expect(again).toMatchObject({ refresh_token, access_token, created_at });
  });

  test.each([
    ["lazy", 500],
    ["strict", 500],
    ["window", 600],
  ] as const)("%s: after 100 of 600 seconds expires_in says %i", async (preset, expiresIn) => {
    const family = await overlappingFamily(preset);
    family.world.advance(100);
    expect(JSON.parse(await replay(family, 2)).expires_in).toBe(expiresIn);
  });

  test("window: the same body, byte for byte, for 120 seconds, and then as under lazy", async () => {
    const family = await startFamily("window");
    const first = (await family.present(1, { refresh_intent: key })).body;
    family.world.advance(119);
    expect(await replay(family, 1)).toBe(first);
    family.world.advance(1);
    expect(JSON.parse(await replay(family, 1))).toEqual({ ...JSON.parse(first), expires_in: 480 });
  });

  test("a new access token of the same generation if less than 60 seconds are left", async () => {
    const family = await overlappingFamily("lazy");
    family.world.advance(540);
    expect(JSON.parse(await replay(family, 2))).toMatchObject({
      access_token: family.pair(3).access_token,
      expires_in: 60,
    });
    family.world.advance(1);
    const again = JSON.parse(await replay(family, 2));
    expect(again).toMatchObject({
      refresh_token: family.pair(3).refresh_token,
      expires_in: 600,
      created_at: family.world.now(),
    });
    expect(family.world.keyring.read("access", new Sealed(again.access_token))).toMatchObject({
      generation: 3,
      issuedAt: family.world.now(),
    });
  });

  test("another access token if one was revoked", async () => {
    const family = await overlappingFamily("lazy");
    await family.world.store.grants.change(family.grant, (grant) => ({
      answer: null,
      write: { ...grant!, hasRevokedTokens: true },
    }));
    family.world.advance(1);
    expect(JSON.parse(await replay(family, 2)).access_token).not.toBe(family.pair(3).access_token);
  });

  test("tokens of one family to two processes that request two scopes at once", async () => {
    const family = await startFamily("lazy");
    const [read, write] = await Promise.all([
      family.present(1, { scope: "read" }),
      family.present(1, { scope: "write" }),
    ]);
    expect([read.json().scope, write.json().scope]).toEqual(["read", "write"]);
    expect(read.json().refresh_token).toBe(write.json().refresh_token);
    expect(read.json().access_token).not.toBe(write.json().access_token);
    expect((await family.row()).generation).toBe(2);
  });
});

describe("A6: the old access token", () => {
  const rotatedAndUsed = async (preset: Preset): Promise<Family> => {
    const family = await overlappingFamily(preset);
    await family.use(3);
    return family;
  };

  test("lazy: is inactive after the first use of the new access token", async () =>
    expect(await (await rotatedAndUsed("lazy")).use(2)).toBe(false));

  test("lazy: is inactive after the first use of the new refresh token", async () => {
    const family = await overlappingFamily("lazy");
    await family.rotate();
    expect([await family.use(2), await family.use(3)]).toEqual([false, true]);
  });

  test.each(["window", "strict"] as const)("%s: lives to its own expiry, and not a second longer", async (preset) => {
    const family = await rotatedAndUsed(preset);
    family.world.advance(599);
    expect([await family.use(1), await family.use(2)]).toEqual([true, true]);
    family.world.advance(1);
    expect([await family.use(1), await family.use(2), await family.use(3)]).toEqual([false, false, false]);
  });
});

describe("RFC 9700 §4.14.2: once the overlap is closed, a spent token is treated as reuse", () => {
  test.each(presets)("%s: the first use of the new refresh token closes it", async (preset) => {
    const family = await overlappingFamily(preset);
    await family.rotate({ refresh_intent: key });
    expect((await family.present(2, { refresh_intent: key })).status).toBe(400);
    expect(await family.stands()).toBe("revoked(refresh_token_reuse)");
  });

  test("strict without a key: the rotation closes it", async () => {
    const family = await startFamily("strict");
    await family.rotate();
    expect((await family.present(1)).status).toBe(400);
    expect(await family.stands()).toBe("revoked(refresh_token_reuse)");
  });
});

describe("RFC 9700 §4.14.2, TK-12: simultaneous refreshes of one token", () => {
  test.each(["lazy", "window"] as const)("%s: 50 at once all get the one successor", async (preset) => {
    const family = await startFamily(preset);
    const answers = await Promise.all(Array.from({ length: 50 }, () => family.present(1)));
    expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(200));
    expect(new Set(answers.map((answer) => answer.json().refresh_token)).size).toBe(1);
    expect(await family.row()).toMatchObject({ state: "active", generation: 2, replays: 49 });
  });

  test("strict: of 50 at once one succeeds, and reuse by the others revokes the grant", async () => {
    const family = await startFamily("strict");
    const answers = await Promise.all(Array.from({ length: 50 }, () => family.present(1)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(await family.stands()).toBe("revoked(refresh_token_reuse)");
  });

  test("strict with a key: four at once get the same successor", async () => {
    const family = await startFamily("strict");
    const answers = await Promise.all(Array.from({ length: 4 }, () => family.present(1, { refresh_intent: key })));
    expect(new Set(answers.map((answer) => answer.json().refresh_token)).size).toBe(1);
    expect(await family.stands()).toBe("overlap(2)");
  });
});

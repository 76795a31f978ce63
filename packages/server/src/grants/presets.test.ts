import { describe, expect, test } from "vitest";
import { Sealed } from "@symbolon/protocol";
import { key, overlappingLineage, presets, startLineage, type Lineage, type Preset } from "../../test/lineage.ts";

/** What a replay of the predecessor of the newest pair answers, as text. */
const replay = async (line: Lineage, generation: number): Promise<string> =>
  (await line.present(generation, { refresh_intent: key })).body;

describe("A6: the answer to a replay", () => {
  test.each(presets)("%s: the same refresh token and the same access token", async (preset) => {
    const line = await overlappingLineage(preset);
    line.world.advance(100);
    const again = JSON.parse(await replay(line, 2));
    const { refresh_token, access_token, created_at } = line.pair(3);
    expect(again).toMatchObject({ refresh_token, access_token, created_at });
  });

  test.each([
    ["lazy", 500],
    ["strict", 500],
    ["window", 600],
  ] as const)("%s: after 100 of 600 seconds expires_in says %i", async (preset, expiresIn) => {
    const line = await overlappingLineage(preset);
    line.world.advance(100);
    expect(JSON.parse(await replay(line, 2)).expires_in).toBe(expiresIn);
  });

  test("window: the body is the same to the byte for 120 seconds, then as lazy", async () => {
    const line = await startLineage("window");
    const first = (await line.present(1, { refresh_intent: key })).body;
    line.world.advance(119);
    expect(await replay(line, 1)).toBe(first);
    line.world.advance(1);
    expect(JSON.parse(await replay(line, 1))).toEqual({ ...JSON.parse(first), expires_in: 480 });
  });

  test("with less than 60 seconds of life left it brings a new access token of the same generation", async () => {
    const line = await overlappingLineage("lazy");
    line.world.advance(540);
    expect(JSON.parse(await replay(line, 2))).toMatchObject({
      access_token: line.pair(3).access_token,
      expires_in: 60,
    });
    line.world.advance(1);
    const again = JSON.parse(await replay(line, 2));
    expect(again).toMatchObject({
      refresh_token: line.pair(3).refresh_token,
      expires_in: 600,
      created_at: line.world.now(),
    });
    expect(line.world.keyring.read("access", new Sealed(again.access_token))).toMatchObject({
      generation: 3,
      issuedAt: line.world.now(),
    });
  });

  test("an access token that was revoked singly is not handed out again", async () => {
    const line = await overlappingLineage("lazy");
    await line.world.store.grants.change(line.grant, (grant) => ({
      answer: null,
      write: { ...grant!, hasRevokedTokens: true },
    }));
    line.world.advance(1);
    expect(JSON.parse(await replay(line, 2)).access_token).not.toBe(line.pair(3).access_token);
  });

  test("two processes that ask for two scopes at once share one lineage", async () => {
    const line = await startLineage("lazy");
    const [read, write] = await Promise.all([line.present(1, { scope: "read" }), line.present(1, { scope: "write" })]);
    expect([read.json().scope, write.json().scope]).toEqual(["read", "write"]);
    expect(read.json().refresh_token).toBe(write.json().refresh_token);
    expect(read.json().access_token).not.toBe(write.json().access_token);
    expect((await line.row()).generation).toBe(2);
  });
});

describe("A6: the old access token", () => {
  const rotatedAndUsed = async (preset: Preset): Promise<Lineage> => {
    const line = await overlappingLineage(preset);
    await line.use(3);
    return line;
  };

  test("lazy: dies with the first use of the new access token", async () =>
    expect(await (await rotatedAndUsed("lazy")).use(2)).toBe(false));

  test("lazy: dies with the first use of the new refresh token", async () => {
    const line = await overlappingLineage("lazy");
    await line.rotate();
    expect([await line.use(2), await line.use(3)]).toEqual([false, true]);
  });

  test.each(["window", "strict"] as const)("%s: lives to its own expiry, and not a second longer", async (preset) => {
    const line = await rotatedAndUsed(preset);
    line.world.advance(599);
    expect([await line.use(1), await line.use(2)]).toEqual([true, true]);
    line.world.advance(1);
    expect([await line.use(1), await line.use(2), await line.use(3)]).toEqual([false, false, false]);
  });
});

describe("RFC 9700 §4.14.2: what closes the overlap makes every spent token theft", () => {
  test.each(presets)("%s: the first use of the new refresh token", async (preset) => {
    const line = await overlappingLineage(preset);
    await line.rotate({ refresh_intent: key });
    expect((await line.present(2, { refresh_intent: key })).status).toBe(400);
    expect(await line.stands()).toBe("revoked(refresh_token_reuse)");
  });

  test("strict without a key: the rotation itself", async () => {
    const line = await startLineage("strict");
    await line.rotate();
    expect((await line.present(1)).status).toBe(400);
    expect(await line.stands()).toBe("revoked(refresh_token_reuse)");
  });
});

describe("RFC 9700 §4.14.2, TK-12: simultaneous refreshes of one token", () => {
  test.each(["lazy", "window"] as const)("%s: 50 at once all get the one successor", async (preset) => {
    const line = await startLineage(preset);
    const answers = await Promise.all(Array.from({ length: 50 }, () => line.present(1)));
    expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(200));
    expect(new Set(answers.map((answer) => answer.json().refresh_token)).size).toBe(1);
    expect(await line.row()).toMatchObject({ state: "active", generation: 2, replays: 49 });
  });

  test("strict: of 50 at once one is served, and the rest end the grant", async () => {
    const line = await startLineage("strict");
    const answers = await Promise.all(Array.from({ length: 50 }, () => line.present(1)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(await line.stands()).toBe("revoked(refresh_token_reuse)");
  });

  test("strict with a key: four at once share the one successor", async () => {
    const line = await startLineage("strict");
    const answers = await Promise.all(Array.from({ length: 4 }, () => line.present(1, { refresh_intent: key })));
    expect(new Set(answers.map((answer) => answer.json().refresh_token)).size).toBe(1);
    expect(await line.stands()).toBe("overlap(2)");
  });
});

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSqliteStore } from "@symbolon/store-sqlite";
import { afterEach, describe, expect, test } from "vitest";
import { introspect, obtainCode, post, redeem, refresh, revoke } from "../../test/flows.ts";
import { key, otherKey, presets, startFamily, type Family, type Preset } from "../../test/token-family.ts";
import { basic } from "../../test/world.ts";
import { memoryStore } from "../store/memory.ts";
import type { Store } from "../store/contract.ts";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const stores: Record<string, () => Store> = {
  memory: memoryStore,
  sqlite: () => {
    const folder = mkdtempSync(join(tmpdir(), "symbolon-token-"));
    const store = openSqliteStore({ path: join(folder, "symbolon.sqlite") });
    closing.push(async () => {
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    });
    return store;
  },
};

describe.each(Object.keys(stores))("A7, TK-01, TK-03, TK-10, TK-12, TK-13, TK-17: the token endpoint on %s", (name) => {
  const begin = (preset: Preset): Promise<Family> => startFamily(preset, { store: stores[name]!() });
  const newCode = (family: Family) => obtainCode(family.world, "app", "ann@app.example", { prompt: "consent" });

  test.each(presets)("%s: rotation, replay, delivery and reuse are stored", async (preset) => {
    const family = await begin(preset);
    await family.rotate({ refresh_intent: key });
    expect(await family.stands()).toBe("overlap(2)");
    expect((await family.present(1, { refresh_intent: key })).json().refresh_token).toBe(family.pair(2).refresh_token);
    expect((await family.row()).replays).toBe(1);
    expect(await family.use(2)).toBe(true);
    expect(await family.stands()).toBe({ lazy: "settling(2)", window: "overlap(2)", strict: "settled(2)" }[preset]);
    family.world.advance(120);
    expect((await family.present(1, { refresh_intent: key })).status).toBe(400);
    expect(await family.stands()).toBe("revoked(refresh_token_reuse)");
    expect(await family.use(2)).toBe(false);
    expect(await family.world.store.grants.revocations(0, 10)).toMatchObject([{ kind: "grant" }]);
  });

  test("TK-12: 50 refreshes of one token at once give one token family", async () => {
    const family = await begin("lazy");
    const answers = await Promise.all(Array.from({ length: 50 }, () => family.present(1)));
    expect(new Set(answers.map((answer) => answer.json().refresh_token)).size).toBe(1);
    expect(await family.row()).toMatchObject({ state: "active", generation: 2, replays: 49 });
  });

  test("TK-03: of 50 redemptions of one code at once, one succeeds", async () => {
    const family = await begin("lazy");
    const code = await newCode(family);
    const answers = await Promise.all(Array.from({ length: 50 }, () => redeem(family.world, "app", code)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  test("TK-13, S4: once a revocation among refreshes is acknowledged, no token of the grant is active", async () => {
    for (let round = 0; round < 20; round++) {
      const family = await begin("lazy");
      const refreshes = Array.from({ length: 8 }, () => family.present(1));
      refreshes.splice(round % 8, 0, revoke(family.world, "app", family.pair(1).refresh_token));
      const answers = await Promise.all(refreshes);
      for (const answer of answers.filter(({ status, body }) => status === 200 && body !== "")) {
        const { access_token, refresh_token } = answer.json();
        expect((await introspect(family.world, "rs_api", access_token)).json()).toEqual({ active: false });
        expect((await refresh(family.world, "app", refresh_token)).status).toBe(400);
      }
    }
  });

  test("S5: refused requests leave the row unchanged, byte for byte", async () => {
    const family = await begin("strict");
    await family.rotate({ refresh_intent: key, scope: "read" });
    const before = await family.row();
    await family.present(1, {}, "other");
    await family.present(2, { scope: "admin" });
    await family.present(2, { resource: "https://foreign.example" });
    await family.present(2, { expires_in: "1" });
    expect(await family.row()).toEqual(before);
    expect((await family.present(1, { refresh_intent: otherKey })).status).toBe(400);
    expect((await family.row()).version).toBe(before.version + 1);
  });

  test("TK-17: 50 first requests for client credentials at once share one grant", async () => {
    const { world } = await begin("lazy");
    const ask = () =>
      post(world, "/oauth/token", { grant_type: "client_credentials" }, { authorization: basic("other") });
    expect((await Promise.all(Array.from({ length: 50 }, ask))).every(({ status }) => status === 200)).toBe(true);
    expect(
      (await world.store.grants.list({ limit: 10 })).filter(({ application }) => application === "other"),
    ).toHaveLength(1);
  });
});

describe("TK-14, S4: a revoked grant stays revoked", () => {
  test("after the database was closed and opened again, and the clock stepped back an hour", async () => {
    const folder = mkdtempSync(join(tmpdir(), "symbolon-token-"));
    const path = join(folder, "symbolon.sqlite");
    const first = openSqliteStore({ path });
    const family = await startFamily("lazy", { store: first });
    await family.rotate();
    await revoke(family.world, "app", family.pair(2).refresh_token);
    await first.close();
    const second = openSqliteStore({ path });
    closing.push(async () => {
      await second.close();
      rmSync(folder, { recursive: true, force: true });
    });
    family.world.deps.store = second;
    family.world.advance(-3600);
    for (const generation of [1, 2]) {
      expect((await family.present(generation)).json().error).toBe("invalid_grant");
      expect(await family.use(generation)).toBe(false);
    }
  });
});

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSqliteStore } from "@symbolon/store-sqlite";
import { afterEach, describe, expect, test } from "vitest";
import { introspect, obtainCode, post, redeem, refresh, revoke } from "../../test/flows.ts";
import { key, otherKey, presets, startLineage, type Lineage, type Preset } from "../../test/lineage.ts";
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
  const begin = (preset: Preset): Promise<Lineage> => startLineage(preset, { store: stores[name]!() });
  const newCode = (line: Lineage) => obtainCode(line.world, "app", "ann@app.example", { prompt: "consent" });

  test.each(presets)("%s: rotated, replayed, delivered, reused: each state as it was stored", async (preset) => {
    const line = await begin(preset);
    await line.rotate({ refresh_intent: key });
    expect(await line.stands()).toBe("overlap(2)");
    expect((await line.present(1, { refresh_intent: key })).json().refresh_token).toBe(line.pair(2).refresh_token);
    expect((await line.row()).replays).toBe(1);
    expect(await line.use(2)).toBe(true);
    expect(await line.stands()).toBe({ lazy: "settling(2)", window: "overlap(2)", strict: "settled(2)" }[preset]);
    line.world.advance(120);
    expect((await line.present(1, { refresh_intent: key })).status).toBe(400);
    expect(await line.stands()).toBe("revoked(refresh_token_reuse)");
    expect(await line.use(2)).toBe(false);
    expect(await line.world.store.grants.revocations(0, 10)).toMatchObject([{ kind: "grant" }]);
  });

  test("TK-12: 50 refreshes of one token at once give one lineage", async () => {
    const line = await begin("lazy");
    const answers = await Promise.all(Array.from({ length: 50 }, () => line.present(1)));
    expect(new Set(answers.map((answer) => answer.json().refresh_token)).size).toBe(1);
    expect(await line.row()).toMatchObject({ state: "active", generation: 2, replays: 49 });
  });

  test("TK-03: of 50 redemptions of one code at once, one is served", async () => {
    const line = await begin("lazy");
    const code = await newCode(line);
    const answers = await Promise.all(Array.from({ length: 50 }, () => redeem(line.world, "app", code)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  test("TK-13, S4: a revocation among refreshes: once it is acknowledged, nothing of the grant is alive", async () => {
    for (let round = 0; round < 20; round++) {
      const line = await begin("lazy");
      const refreshes = Array.from({ length: 8 }, () => line.present(1));
      refreshes.splice(round % 8, 0, revoke(line.world, "app", line.pair(1).refresh_token));
      const answers = await Promise.all(refreshes);
      for (const answer of answers.filter(({ status, body }) => status === 200 && body !== "")) {
        const { access_token, refresh_token } = answer.json();
        expect((await introspect(line.world, "rs_api", access_token)).json()).toEqual({ active: false });
        expect((await refresh(line.world, "app", refresh_token)).status).toBe(400);
      }
    }
  });

  test("S5: requests that fail leave the row as it was, byte for byte", async () => {
    const line = await begin("strict");
    await line.rotate({ refresh_intent: key, scope: "read" });
    const before = await line.row();
    await line.present(1, {}, "other");
    await line.present(2, { scope: "admin" });
    await line.present(2, { resource: "https://foreign.example" });
    await line.present(2, { expires_in: "1" });
    expect(await line.row()).toEqual(before);
    expect((await line.present(1, { refresh_intent: otherKey })).status).toBe(400);
    expect((await line.row()).version).toBe(before.version + 1);
  });

  test("TK-17: 50 first client credentials at once have one standing grant", async () => {
    const { world } = await begin("lazy");
    const ask = () =>
      post(world, "/oauth/token", { grant_type: "client_credentials" }, { authorization: basic("other") });
    expect((await Promise.all(Array.from({ length: 50 }, ask))).every(({ status }) => status === 200)).toBe(true);
    expect(
      (await world.store.grants.list({ limit: 10 })).filter(({ application }) => application === "other"),
    ).toHaveLength(1);
  });
});

describe("TK-14, S4: a revoked grant stays dead", () => {
  test("after the database was closed and opened again, and the clock stepped back an hour", async () => {
    const folder = mkdtempSync(join(tmpdir(), "symbolon-token-"));
    const path = join(folder, "symbolon.sqlite");
    const first = openSqliteStore({ path });
    const line = await startLineage("lazy", { store: first });
    await line.rotate();
    await revoke(line.world, "app", line.pair(2).refresh_token);
    await first.close();
    const second = openSqliteStore({ path });
    closing.push(async () => {
      await second.close();
      rmSync(folder, { recursive: true, force: true });
    });
    line.world.deps.store = second;
    line.world.advance(-3600);
    for (const generation of [1, 2]) {
      expect((await line.present(generation)).json().error).toBe("invalid_grant");
      expect(await line.use(generation)).toBe(false);
    }
  });
});

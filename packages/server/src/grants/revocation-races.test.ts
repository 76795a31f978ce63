import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSqliteStore } from "@symbolon/store-sqlite";
import { afterEach, describe, expect, test } from "vitest";
import { removeRow } from "@symbolon/testing";
import { decideRevoke, type Store } from "../index.ts";
import { introspect, refresh, revoke, tokenInfo } from "../../test/flows.ts";
import { startFamily, type Family, type Pair } from "../../test/token-family.ts";

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

function diskStore(): Store {
  const folder = mkdtempSync(join(tmpdir(), "symbolon-races-"));
  const store = openSqliteStore({ path: join(folder, "symbolon.sqlite") });
  cleanUps.push(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return store;
}

/** Every way to end a grant; resolves when it is acknowledged. */
const ends: Record<string, (family: Family) => Promise<unknown>> = {
  "the client": (family) => revoke(family.world, "app", family.pair(1).refresh_token),
  "the operator": (family) =>
    family.world.store.grants.change(family.grant, decideRevoke("revoked_by_operator", family.world.now())),
  "the person": (family) =>
    family.world.store.grants.change(family.grant, decideRevoke("revoked_by_owner", family.world.now())),
  "a reused token": (family) => family.present(1),
  "the end of the application": (family) => removeRow(family.world.store.applications, "app" as never),
};

async function isAlive(family: Family, { access_token, refresh_token }: Pair): Promise<boolean> {
  const [seen, shown, refreshed] = [
    await introspect(family.world, "rs_api", access_token),
    await tokenInfo(family.world, access_token),
    await refresh(family.world, "app", refresh_token),
  ];
  return seen.json().active === true || shown.status === 200 || refreshed.status === 200;
}

describe.each(Object.entries(ends))("TK-13, S4: %s ends a grant during eight refreshes", (who, end) => {
  test.each([
    ["memory", undefined],
    ["sqlite", diskStore],
  ])("on %s: once it is acknowledged, no token of any generation is alive", async (_, make) => {
    for (let round = 0; round < 8; round++) {
      const family = await startFamily(
        who === "a reused token" ? "strict" : "lazy",
        make === undefined ? {} : { store: make() },
      );
      const head = await family.rotate();
      const refreshes = (count: number) => Array.from({ length: count }, () => family.present(2));
      const [earlier, ended, later] = [refreshes(round), end(family), refreshes(8 - round)];
      await ended;
      const answers = await Promise.all([...earlier, ...later]);
      const granted = answers.filter(({ status }) => status === 200).map((answer) => answer.json() as Pair);
      for (const pair of [family.pair(1), head, ...granted]) expect(await isAlive(family, pair)).toBe(false);
    }
  });
});

describe("TK-14, S4: an ended grant stays ended after a restart with the clock set back", () => {
  test.each(Object.entries(ends))("by %s", async (who, end) => {
    const folder = mkdtempSync(join(tmpdir(), "symbolon-races-"));
    const path = join(folder, "symbolon.sqlite");
    const first = openSqliteStore({ path });
    const family = await startFamily(who === "a reused token" ? "strict" : "lazy", { store: first });
    const head = await family.rotate();
    await end(family);
    await first.close();
    const second = openSqliteStore({ path });
    cleanUps.push(async () => {
      await second.close();
      rmSync(folder, { recursive: true, force: true });
    });
    family.world.deps.store = second;
    for (const step of [-3600, -86_400, 90_000]) {
      family.world.advance(step);
      for (const pair of [family.pair(1), head]) expect(await isAlive(family, pair)).toBe(false);
    }
  });
});

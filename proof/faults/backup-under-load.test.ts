import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Sealed } from "@symbolon/protocol";
import { openSqliteStore } from "@symbolon/store-sqlite";
import { isActive, type Tokens } from "../harness/client.ts";
import { generationOf } from "../harness/registration.ts";
import { jsonOf } from "../harness/send.ts";
import { acceptRestored, startServer } from "../harness/server.ts";
import { setFaultStage, type FaultStage } from "./stage.ts";

let stage: FaultStage;
let elsewhere: string;
beforeEach(async () => {
  stage = await setFaultStage();
  elsewhere = mkdtempSync(join(tmpdir(), "symbolon-restored-"));
});
afterEach(async () => {
  await stage.close();
  rmSync(elsewhere, { recursive: true, force: true });
});

/** Refreshes one after the other until `isOver`; updates the given tokens in place. */
async function goOn(held: Tokens, refresh: (token: string) => Promise<Tokens>, isOver: () => boolean): Promise<void> {
  while (!isOver()) Object.assign(held, await refresh(held.refresh_token));
}

test("R-29, I2, I4: a backup taken under load and restored elsewhere is complete: it contains everything acknowledged before it, every client goes on, and grants revoked later are active again", async () => {
  const server = await stage.start({ quiet: true });
  const refresh = async (token: string): Promise<Tokens> =>
    stage.client.tokensOf(await stage.client.refresh(server, token));
  const held = await stage.grants(20);
  const [before, since] = (await stage.grants(2)) as [Tokens, Tokens];
  expect((await stage.client.revoke(server, before.refresh_token)).status).toBe(200);

  let isOver = false;
  const load = held.map((tokens) => goOn(tokens, refresh, () => isOver));
  while (held.some(({ refresh_token }) => generationOf(refresh_token) < 5)) await new Promise(setImmediate);
  const acknowledged = held.map(({ refresh_token }) => generationOf(refresh_token));
  await stage.data.withStore((store) => store.backup(join(elsewhere, "symbolon.sqlite")));
  const atBackup = held.map(({ refresh_token }) => generationOf(refresh_token));
  while (held.some(({ refresh_token }, index) => generationOf(refresh_token) < atBackup[index]! + 3))
    await new Promise(setImmediate);
  expect((await stage.client.revoke(server, since.refresh_token)).status).toBe(200);
  isOver = true;
  await Promise.all(load);
  await server.kill();

  const store = openSqliteStore({ path: join(elsewhere, "symbolon.sqlite"), create: false });
  expect((await store.verify()).findings).toEqual([]);
  for (const [index, { refresh_token: token }] of held.entries()) {
    const { generation } = (await store.grants.find(stage.data.keyring.read("refresh", new Sealed(token))!.grantId))!;
    expect(generation).toBeGreaterThanOrEqual(acknowledged[index]!);
    expect(generation).toBeLessThan(generationOf(token));
  }
  await store.close();

  // ST-07: the server does not start without a decision of the operator.
  await expect(startServer({ ...stage.data, path: elsewhere })).rejects.toThrow("did not start");
  acceptRestored({ ...stage.data, path: elsewhere });
  const restored = await startServer({ ...stage.data, path: elsewhere });
  try {
    for (const { refresh_token: token } of held) {
      const next = stage.client.tokensOf(await stage.client.refresh(restored, token));
      expect(generationOf(next.refresh_token)).toBe(generationOf(token) + 1);
      expect(stage.client.tokensOf(await stage.client.refresh(restored, token)).refresh_token).toBe(next.refresh_token);
      expect(await isActive(restored, stage.resourceServer, next.access_token)).toBe(true);
    }
    expect(restored.events.filter(({ name }) => name === "grant.caught_up")).toHaveLength(held.length);
    expect(jsonOf(await stage.client.refresh(restored, before.refresh_token))).toMatchObject({
      error: "invalid_grant",
    });
    // docs/operating.md: revoke once more what was revoked since the backup.
    expect(await isActive(restored, stage.resourceServer, since.access_token)).toBe(true);
    expect((await stage.client.revoke(restored, since.refresh_token)).status).toBe(200);
    expect(await isActive(restored, stage.resourceServer, since.access_token)).toBe(false);
  } finally {
    await restored.kill();
  }
}, 60_000);

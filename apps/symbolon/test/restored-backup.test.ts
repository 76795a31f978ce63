import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { changeKeyringFile } from "../src/keyring/keyring-file.ts";
import { runJson, startServer, temporaryDirectory, type DemoCredentials, type RunningServer } from "./start-server.ts";
import { obtainTokens, refreshRequest, useToken, type Tokens } from "./token-life.ts";

let demo: DemoCredentials;
let first: RunningServer;
let restored: string;
let revoked: Tokens;
let rotated: Tokens;
let newest: string;

/** A backup, then a revocation and a few rotations; then the disk dies, and the backup takes its place. */
beforeAll(async () => {
  first = await startServer();
  demo = first.demo!;
  [revoked, rotated] = [await obtainTokens(first, demo), await obtainTokens(first, demo)];
  const file = join(temporaryDirectory(), "monday.sqlite");
  await runJson(["backup", "--to", file], { data: first.data });
  const { grant } = await runJson<{ grant: { id: string } }>(["token", "explain", revoked.access_token], { data: first.data });
  await runJson(["grant", "revoke", grant.id], { data: first.data });
  newest = rotated.refresh_token;
  for (let turn = 0; turn < 3; turn++) newest = String((await refreshRequest(first, demo, newest)).body["refresh_token"]);
  await first.kill();
  restored = join(temporaryDirectory(), "restored");
  mkdirSync(restored, { mode: 0o700 });
  copyFileSync(file, join(restored, "symbolon.sqlite"));
  copyFileSync(join(first.data, "keyring.json"), join(restored, "keyring.json"));
}, 60_000);

const nowSeconds = (): number => Math.floor(Date.now() / 1000);

describe("TK-14: the same disk, after a kill", () => {
  test("what was revoked is dead, and the newest refresh token goes on", async () => {
    const again = await startServer({ data: first.data });
    expect(await useToken(again, revoked.access_token)).toBe(401);
    expect((await refreshRequest(again, demo, revoked.refresh_token)).status).toBe(400);
    const answer = await refreshRequest(again, demo, newest);
    expect(answer.status).toBe(200);
    await again.stop();
  });
});

describe("ST-07: an older backup in its place", () => {
  test("what is newer than the backup goes on, and says so in the log; what it revived is listed, and ends by one command for all", async () => {
    const server = await startServer({ data: restored });
    const at = { data: restored };
    expect((await refreshRequest(server, demo, newest)).status).toBe(200);
    expect(server.log()).toContain("grant.caught_up");

    const { grant } = await runJson<{ grant: { id: string; state: string } }>(["token", "explain", revoked.refresh_token], at);
    const listed = await runJson<{ grants: { id: string }[] }>(["grant", "list", "--state", "active"], at);
    expect(listed.grants.map(({ id }) => id)).toContain(grant.id);

    await runJson(["keys", "rotate"], at);
    const issuedBy = nowSeconds();
    await vi.waitFor(() => expect(nowSeconds()).toBeGreaterThan(issuedBy), 5_000);
    await changeKeyringFile(restored, (ring) => ({ keyring: { ...ring, keys: ring.keys.map((key) => ({ ...key, activeFrom: Math.min(key.activeFrom, nowSeconds()) })) }, answer: null }));
    await runJson(["keys", "drop", "1", "--yes"], at);
    await vi.waitFor(async () => expect(await useToken(server, rotated.access_token)).toBe(401), { timeout: 20_000, interval: 100 });
    for (const token of [revoked.refresh_token, newest]) expect((await refreshRequest(server, demo, token)).status).toBe(400);
    expect(await useToken(server, revoked.access_token)).toBe(401);
    await server.stop();
  });

  test("the backup is nothing without the keyring: under a new one every token is dead and every client refused", async () => {
    const alone = join(temporaryDirectory(), "alone");
    mkdirSync(alone, { mode: 0o700 });
    copyFileSync(join(restored, "symbolon.sqlite"), join(alone, "symbolon.sqlite"));
    const server = await startServer({ data: alone });
    expect(await useToken(server, revoked.access_token)).toBe(401);
    expect((await refreshRequest(server, demo, newest)).status).toBe(401);
    await server.stop();
  });
});

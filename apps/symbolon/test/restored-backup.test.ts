import { chmodSync, copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { beforeAll, describe, expect, test } from "vitest";
import { openSqliteStore } from "@symbolon/store-sqlite";
import {
  runJson,
  runSymbolon,
  startServer,
  temporaryDirectory,
  type DemoCredentials,
  type RunningServer,
} from "./start-server.ts";
import { obtainTokens, refreshRequest, useToken, type Tokens } from "./token-life.ts";

let demo: DemoCredentials;
let first: RunningServer;
let restored: string;
let backupFile: string;
let revoked: Tokens;
let rotated: Tokens;
let newest: string;

/** A backup, then a revocation and a few rotations; then the disk dies, and the backup takes its place. */
beforeAll(async () => {
  first = await startServer();
  demo = first.demo!;
  [revoked, rotated] = [await obtainTokens(first, demo), await obtainTokens(first, demo)];
  backupFile = join(temporaryDirectory(), "monday.sqlite");
  await runJson(["backup", "--to", backupFile], { data: first.data });
  const { grant } = await runJson<{ grant: { id: string } }>(["token", "explain", revoked.access_token], {
    data: first.data,
  });
  await runJson(["grant", "revoke", grant.id], { data: first.data });
  newest = rotated.refresh_token;
  for (let turn = 0; turn < 3; turn++)
    newest = String((await refreshRequest(first, demo, newest)).body["refresh_token"]);
  await first.kill();
  restored = join(temporaryDirectory(), "restored");
  mkdirSync(restored, { mode: 0o700 });
  copyFileSync(backupFile, join(restored, "symbolon.sqlite"));
  copyFileSync(join(first.data, "keyring.json"), join(restored, "keyring.json"));
}, 60_000);

describe("TK-14: the same disk after a kill", () => {
  test("revoked grants stay revoked, and the newest refresh token works", async () => {
    const again = await startServer({ data: first.data });
    expect(await useToken(again, revoked.access_token)).toBe(401);
    expect((await refreshRequest(again, demo, revoked.refresh_token)).status).toBe(400);
    const answer = await refreshRequest(again, demo, newest);
    expect(answer.status).toBe(200);
    await again.stop();
  });
});

describe("ST-07: an older backup in the place of the database", () => {
  const refused = async (data: string): Promise<string> =>
    (await runSymbolon(["serve", "--dev", "--port", "18787"], { data })).stderr;

  test("no server starts on it before symbolon restore, in a new directory or in the old one", async () => {
    expect(await refused(restored)).toMatch(
      /put here from elsewhere.*active again[\s\S]*symbolon restore --revoke-all/,
    );
    const swapped = copyOf(first.data);
    copyFileSync(join(restored, "symbolon.sqlite"), join(swapped, "symbolon.sqlite"));
    for (const part of ["-wal", "-shm"]) rmSync(join(swapped, `symbolon.sqlite${part}`), { force: true });
    expect(await refused(swapped)).toMatch(/older than the one that ran here last[\s\S]*symbolon restore/);
    rmSync(join(swapped, "symbolon.sqlite"));
    // nor on a new one, where there should be one
    expect(await refused(swapped)).toMatch(/older than the one that ran here last/);
    expect((await runSymbolon(["restore"], { data: restored })).stderr).toContain(
      "Either --revoke-all or --keep-grants",
    );
  });

  test("--keep-grants: newer refresh tokens work and are logged, grants revoked since are listed as active, and sessions end", async () => {
    const data = copyOf(restored);
    expect(await runJson(["restore", "--keep-grants"], { data })).toEqual({ restored: true, revoked_grants: 0 });
    const server = await startServer({ data });
    expect((await refreshRequest(server, demo, newest)).status).toBe(200);
    expect(server.log()).toContain("grant.caught_up");
    const { grant } = await runJson<{ grant: { id: string; state: string } }>(
      ["token", "explain", revoked.refresh_token],
      { data },
    );
    const listed = await runJson<{ grants: { id: string }[] }>(["grant", "list", "--state", "active"], { data });
    expect(listed.grants.map(({ id }) => id)).toContain(grant.id);
    const again = await startServer({ data, args: [] }); // Once said, it is not asked again.
    await again.stop();
    await server.stop();
  });

  test("--revoke-all --from: verifies and installs the backup, revokes its grants, and issues new tokens", async () => {
    const data = copyOf(first.data);
    expect(await runJson(["restore", "--from", backupFile, "--revoke-all"], { data })).toEqual({
      restored: true,
      revoked_grants: 2,
      replaced_database: expect.stringContaining(join(data, "symbolon.sqlite.replaced-")),
    });
    const server = await startServer({ data });
    for (const token of [revoked.access_token, rotated.access_token]) expect(await useToken(server, token)).toBe(401);
    for (const token of [revoked.refresh_token, rotated.refresh_token, newest])
      expect((await refreshRequest(server, demo, token)).status).toBe(400);
    expect(await useToken(server, (await obtainTokens(server, demo)).access_token)).toBe(200);
    await server.stop();
  });

  test("refuses a damaged backup and changes nothing", async () => {
    const data = copyOf(first.data);
    const damaged = join(temporaryDirectory(), "damaged.sqlite");
    const bytes = readFileSync(backupFile);
    writeFileSync(damaged, bytes.fill(0xa5, 4096 * 3, 4096 * 6));
    const before = readFileSync(join(data, "symbolon.sqlite"));
    const { code, stderr } = await runSymbolon(["restore", "--from", damaged, "--keep-grants"], { data });
    expect([code, stderr]).toEqual([1, expect.stringMatching(/damaged|malformed/)]);
    expect(readFileSync(join(data, "symbolon.sqlite")).equals(before)).toBe(true);
  });

  test("the revocation feed uses no position twice", async () => {
    const data = copyOf(restored);
    const highest = async (): Promise<number> => {
      const store = openSqliteStore({ path: join(data, "symbolon.sqlite"), create: false });
      const entries = await store.grants.revocations(0, 1000);
      await store.close();
      return entries.at(-1)?.position ?? 0;
    };
    const before = await highest();
    await runJson(["restore", "--keep-grants"], { data });
    const { grant } = await runJson<{ grant: { id: string } }>(["token", "explain", revoked.access_token], { data });
    await runJson(["grant", "revoke", grant.id], { data });
    expect(await highest()).toBeGreaterThan(before + 2 ** 31);
  });

  test("ST-02: under a new keyring a backup from before the noted keyring accepts no token and no client", async () => {
    const restoredData = join(temporaryDirectory(), "alone");
    mkdirSync(restoredData, { mode: 0o700 });
    copyFileSync(join(restored, "symbolon.sqlite"), join(restoredData, "symbolon.sqlite"));
    const made = await startServer(); // Its keyring is a new one.
    copyFileSync(join(made.data, "keyring.json"), join(restoredData, "keyring.json"));
    await made.stop();
    const database = new DatabaseSync(join(restoredData, "symbolon.sqlite"));
    database.exec("DELETE FROM keyring");
    database.close();
    await runJson(["restore", "--keep-grants"], { data: restoredData });
    const server = await startServer({ data: restoredData });
    expect(await useToken(server, revoked.access_token)).toBe(401);
    expect((await refreshRequest(server, demo, newest)).status).toBe(401);
    await server.stop();
  });
});

function copyOf(directory: string): string {
  const copy = join(temporaryDirectory(), "copy");
  cpSync(directory, copy, { recursive: true });
  chmodSync(copy, 0o700);
  return copy;
}

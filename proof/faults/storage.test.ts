import { execFileSync } from "node:child_process";
import { existsSync, renameSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isActive, type Tokens } from "../harness/client.ts";
import { jsonOf, type Answer } from "../harness/send.ts";
import { allAtOnce } from "../concurrency/stage.ts";
import { setFaultStage, type FaultStage } from "./stage.ts";

let stage: FaultStage;
beforeEach(async () => {
  stage = await setFaultStage();
});
afterEach(() => stage.close());

const expectUnavailable = (answer: Answer) => {
  expect({ status: answer.status, ...jsonOf(answer) }).toMatchObject({ status: 503, error: "temporarily_unavailable" });
  expect(answer.headers["retry-after"]).toMatch(/^[1-9][0-9]*$/);
};

/** Generations of these grants, in the database. */
const generations = (tokens: readonly Tokens[]) =>
  Promise.all(tokens.map(async ({ refresh_token }) => (await stage.rowOf(refresh_token)).generation));

describe("R-05: the disk is full", () => {
  // A limit on the size of files simulates the full disk: writes beyond it fail (EFBIG), for root too.
  const roomOf = (pid: number, bytes: string) =>
    execFileSync("prlimit", ["--pid", String(pid), `--fsize=${bytes}:unlimited`]);

  test("I9, I10: refresh and revocation are 503 and change nothing, introspection works; with free space they work again without a restart", async () => {
    const server = await stage.start({ under: ["/bin/sh", "-c", 'trap "" XFSZ; exec "$@"', "sh"] });
    const tokens = await stage.grants(3);
    const [used, refreshed, revoked] = tokens as [Tokens, Tokens, Tokens];
    expect(await isActive(server, stage.resourceServer, used.access_token)).toBe(true);
    roomOf(server.pid, "4096");
    expectUnavailable(await stage.client.refresh(server, refreshed.refresh_token));
    expectUnavailable(await stage.client.revoke(server, revoked.refresh_token));
    expect((await server.send("GET", "/ready")).status).toBe(503);
    expect((await server.send("GET", "/health")).status).toBe(200);
    expect(await isActive(server, stage.resourceServer, used.access_token)).toBe(true);

    roomOf(server.pid, "unlimited");
    expect((await server.send("GET", "/ready")).status).toBe(200);
    stage.client.tokensOf(await stage.client.refresh(server, refreshed.refresh_token));
    expect((await stage.client.revoke(server, revoked.refresh_token)).status).toBe(200);
    expect(await isActive(server, stage.resourceServer, revoked.access_token)).toBe(false);
    expect(await generations(tokens)).toEqual([1, 2, 1]);
    expect(await stage.data.withStore((store) => store.verify())).toMatchObject({ findings: [] });
    expect(await server.stop()).toBe(0);
  });
});

describe("R-06: the database is moved away under the running server", () => {
  test.each(["", "-wal"])(
    "I10: (%s) requests that need it are 503 and no new one is created; when it is back, they work again",
    async (suffix) => {
      const server = await stage.start();
      const [{ access_token: accessToken, refresh_token: refreshToken }] = (await stage.grants(1)) as [Tokens];
      expect(await isActive(server, stage.resourceServer, accessToken)).toBe(true);
      renameSync(stage.path + suffix, `${stage.path}.away`);
      expectUnavailable(await stage.client.refresh(server, refreshToken));
      expect(existsSync(stage.path + suffix)).toBe(false);
      renameSync(`${stage.path}.away`, stage.path + suffix);
      stage.client.tokensOf(await stage.client.refresh(server, refreshToken));
      expect(await server.stop()).toBe(0);
    },
  );
});

describe("R-07: another program holds the lock", () => {
  test("I10: every write is given up with 503 and undone, introspection works; after that the same requests succeed", async () => {
    const server = await stage.start();
    const tokens = await stage.grants(20);
    const [seen] = (await stage.grants(1)) as [Tokens];
    expect(await isActive(server, stage.resourceServer, seen.access_token)).toBe(true);

    const other = new DatabaseSync(stage.path);
    other.exec("BEGIN IMMEDIATE");
    let isOver = false;
    const waiting = allAtOnce(tokens.length, (index) =>
      stage.client.refresh(server, tokens[index]!.refresh_token),
    ).finally(() => (isOver = true));
    let asked = 0;
    for (; !isOver || asked === 0; asked++)
      expect(await isActive(server, stage.resourceServer, seen.access_token)).toBe(true);
    for (const answer of await waiting) expectUnavailable(answer);
    expect(asked).toBeGreaterThan(0);
    other.exec("ROLLBACK");
    other.close();

    expect(new Set(await generations(tokens))).toEqual(new Set([1]));
    const again = await allAtOnce(tokens.length, (index) => stage.client.refresh(server, tokens[index]!.refresh_token));
    for (const answer of again) stage.client.tokensOf(answer);
    expect(new Set(await generations(tokens))).toEqual(new Set([2]));
    expect(await server.stop()).toBe(0);
  }, 60_000);
});

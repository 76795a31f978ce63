import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { memoryStore, nowOf } from "@symbolon/server";
import { exampleGrant, fakeClock } from "@symbolon/testing";
import { openSqliteStore } from "@symbolon/store-sqlite";
import { steadyClock } from "../src/data/steady-clock.ts";
import { startSweeping } from "../src/serve/sweep-timer.ts";
import { runJson, startServer, temporaryDirectory, type RunningServer } from "./start-server.ts";
import { obtainTokens, useToken, type Tokens } from "./token-life.ts";

/** Less than an hour, so that the step is believed at once. */
const ahead = 3000;
const day = 86_400;
const clockFile = join(temporaryDirectory(), "clock");
const setClock = (seconds: number): void => writeFileSync(clockFile, String(seconds));
const options = {
  env: { TEST_CLOCK_FILE: clockFile },
  nodeFlags: ["--import", join(import.meta.dirname, "set-clock.ts")],
};

describe("R-19, ST-14: the clock of a server is set past the end of a token, then back", () => {
  let server: RunningServer;
  let expired: Tokens;
  let before: number;
  let after: number;
  beforeAll(async () => {
    setClock(0);
    server = await startServer(options);
    expired = await obtainTokens(server, server.demo!);
    before = await useToken(server, expired.access_token);
    setClock(ahead);
    after = await useToken(server, expired.access_token);
    setClock(0);
  }, 60_000);

  test("the token stays expired, and new tokens work", async () => {
    expect([before, after]).toEqual([200, 401]);
    expect(await useToken(server, expired.access_token)).toBe(401);
    expect(await useToken(server, (await obtainTokens(server, server.demo!)).access_token)).toBe(200);
  });

  test("the log says that the clock is behind", () =>
    vi.waitFor(
      () => expect(server.log()).toMatch(/"level":"error","name":"clock.behind","bySeconds":(?:29|30)\d\d/),
      5_000,
    ));

  test("a server that starts later knows the time as well, until symbolon restore takes that of the clock", async () => {
    const { data, demo } = server;
    await server.stop();
    expect(await latestTime(data)).toBeGreaterThan(Date.now() / 1000 + ahead / 2);
    const second = await startServer({ ...options, data });
    expect(await useToken(second, expired.access_token)).toBe(401);
    await second.stop();
    await runJson(["restore", "--keep-grants"], { ...options, data });
    expect(await latestTime(data)).toBeLessThan(Date.now() / 1000 + 60);
    const third = await startServer({ ...options, data });
    expect(await useToken(third, (await obtainTokens(third, demo!)).access_token)).toBe(200);
    await third.stop();
  }, 60_000);
});

describe("ST-14: sweeping under a clock that is set ten days on", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** A store with one access token that was revoked alone, swept every second by a clock that the test moves. */
  async function swept() {
    const source = fakeClock();
    const fingerprint = new Uint8Array(32).fill(7);
    const store = memoryStore();
    await store.grants.insert(exampleGrant());
    await store.grants.change(exampleGrant().id, (grant) => ({
      answer: undefined,
      write: { ...grant!, hasRevokedTokens: true },
      revokedToken: { fingerprint, until: source.now() + 2 * day },
    }));
    const clock = steadyClock(source, 0);
    const stop = startSweeping({ store, clock }, (cause) => expect.fail(cause));
    const pass = async (seconds: number): Promise<void> => {
      for (let second = 0; second < seconds; second++) {
        source.advanceSeconds(1);
        await vi.advanceTimersByTimeAsync(1000);
      }
    };
    return { source, clock, pass, stop, isRevoked: () => store.grants.isTokenRevoked(fingerprint) };
  }

  test("a token that was revoked alone stays revoked when the clock goes back within ten minutes", async () => {
    const { source, pass, stop, isRevoked } = await swept();
    await pass(5);
    source.stepWallSeconds(10 * day);
    await pass(500);
    source.stepWallSeconds(-10 * day);
    await pass(5);
    expect(await isRevoked()).toBe(true);
    await stop();
  });

  test("when the clock goes back later, its row is swept, and the time stays beyond its end", async () => {
    const { source, clock, pass, stop, isRevoked } = await swept();
    const until = source.now() + 2 * day;
    source.stepWallSeconds(10 * day);
    await pass(700);
    source.stepWallSeconds(-10 * day);
    expect([await isRevoked(), nowOf(clock) > until]).toEqual([false, true]);
    await stop();
  });
});

async function latestTime(data: string): Promise<number> {
  const store = openSqliteStore({ path: join(data, "symbolon.sqlite"), create: false });
  const latest = await store.mark.latestTime();
  await store.close();
  return latest;
}

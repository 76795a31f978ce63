import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { changeKeyringFile, keyringPath } from "../src/keyring/keyring-file.ts";
import { runJson, runSymbolon, startServer, type DemoCredentials, type RunningServer } from "./start-server.ts";
import { obtainTokens, refreshRequest, useToken } from "./token-life.ts";

let server: RunningServer;
let demo: DemoCredentials;
beforeAll(async () => {
  server = await startServer();
  demo = server.demo!;
});
afterAll(async () => void (await server.stop()));

const here = () => ({ data: server.data });
const keys = async () =>
  (await runJson<{ keys: { id: number; state: string; active_from: number }[] }>(["keys", "list"], here())).keys;
const keyOf = async (token: string) =>
  (await runJson<{ key: { id: number; genuine: boolean } }>(["token", "explain", token], here())).key;

const nowSeconds = (): number => Math.floor(Date.now() / 1000);

/** As if the minute until the new key comes into force were over in this very second. */
const letAMinutePass = () =>
  changeKeyringFile(server.data, (keyring) => ({
    keyring: {
      ...keyring,
      keys: keyring.keys.map((key) => (key.activeFrom > nowSeconds() ? { ...key, activeFrom: nowSeconds() } : key)),
    },
    answer: null,
  }));

test("a key is created, comes into force and is dropped while the server runs", async () => {
  const old = await obtainTokens(server, demo);
  const issuedBy = nowSeconds();
  expect(await keys()).toMatchObject([{ id: 1, state: "in force" }]);

  const made = await runJson<{ id: number; created_at: number; active_from: number }>(["keys", "rotate"], here());
  expect(made).toMatchObject({ id: 2, active_from: made.created_at + 60 });
  expect(await keys()).toMatchObject([
    { id: 2, state: "coming" },
    { id: 1, state: "in force" },
  ]);
  const tooEarly = await runSymbolon(["keys", "drop", "1", "--yes"], here());
  expect(tooEarly.code).toBe(1);
  expect(tooEarly.stderr).toContain("Key 1 is the only key in force.");

  await vi.waitFor(() => expect(nowSeconds()).toBeGreaterThan(issuedBy), 5_000);
  await letAMinutePass();
  expect(await keys()).toMatchObject([
    { id: 2, state: "in force" },
    { id: 1, state: "retired" },
  ]);
  const fresh = await vi.waitFor(
    async () => {
      const tokens = await obtainTokens(server, demo);
      expect(await keyOf(tokens.access_token)).toEqual({ id: 2, genuine: true });
      return tokens;
    },
    { timeout: 20_000, interval: 300 },
  );
  expect(await useToken(server, old.access_token)).toBe(200);

  const asked = await runSymbolon(["keys", "drop", "1"], here());
  expect(asked.code).toBe(2);
  expect(asked.stderr).toContain("made with key 1 dies");
  expect(asked.stderr).toMatch(/[1-9]\d* active grants? (has its|have their) newest refresh token/);
  expect(asked.stderr).toContain("symbolon keys drop 1 --yes");
  expect(await useToken(server, old.access_token)).toBe(200);

  expect(await runJson(["keys", "drop", "1", "--yes"], here())).toMatchObject({ id: 1, dropped: true });
  await vi.waitFor(async () => expect(await useToken(server, old.access_token)).toBe(401), {
    timeout: 20_000,
    interval: 100,
  });
  expect((await refreshRequest(server, demo, old.refresh_token)).status).toBe(400);
  expect(await useToken(server, fresh.access_token)).toBe(200);
  expect(await keyOf(old.access_token)).toEqual({ id: 1, genuine: false });

  expect(await runJson(["keys", "rotate"], here())).toMatchObject({ id: 3 });
}, 90_000);

test("no command prints the secret of a key", async () => {
  const { keys: stored, pepper } = JSON.parse(readFileSync(keyringPath(server.data), "utf8")) as {
    keys: { secret: string }[];
    pepper: string;
  };
  const shown = await Promise.all(
    [["keys", "list"], ["keys", "list", "--json"], ["verify"]].map((args) => runSymbolon(args, here())),
  );
  const text = shown.map(({ stdout, stderr }) => stdout + stderr).join();
  for (const secret of [pepper, ...stored.map((key) => key.secret)]) expect(text).not.toContain(secret);
});

test("refuses an unknown key and names the known keys", async () => {
  const { code, stderr } = await runSymbolon(["keys", "drop", "99"], here());
  expect(code).toBe(2);
  expect(stderr).toContain("There is no key 99.");
  expect(stderr).toContain("symbolon keys list");
});

test("fails without a data directory", async () => {
  const { code, stderr } = await runSymbolon(["keys", "list"], { data: `${server.data}/none` });
  expect(code).toBe(1);
  expect(stderr).toContain("There is no keyring in");
});

import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Reply } from "../harness/connection.ts";
import { ClientPool } from "../harness/pipelined-client.ts";
import { refreshRequest } from "../harness/requests.ts";
import type { Tokens } from "../harness/client.ts";
import { generationOf } from "../harness/registration.ts";
import type { ServerProcess } from "../harness/server.ts";
import { setFaultStage, type FaultStage } from "./stage.ts";

let stage: FaultStage;
beforeEach(async () => {
  stage = await setFaultStage();
});
afterEach(() => stage.close());

const refreshes = (server: ServerProcess, pool: ClientPool, tokens: readonly Tokens[]): Promise<Reply[]> =>
  Promise.all(
    tokens.map(({ refresh_token }) => pool.send(refreshRequest(server.port, stage.credentials, refresh_token))),
  );

const generationsIn = (replies: readonly Reply[]): number[] =>
  replies.map(({ status, body }) =>
    status === 200 ? generationOf((JSON.parse(body) as Tokens).refresh_token) : -status,
  );

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

type Standstill = { name: string; begin(server: ServerProcess): void; end(server: ServerProcess): void };
const standstills: Standstill[] = [
  {
    name: "is stopped (SIGSTOP) for three seconds",
    begin: ({ pid }) => process.kill(pid, "SIGSTOP"),
    end: ({ pid }) => process.kill(pid, "SIGCONT"),
  },
  { name: "is busy with one thing for three seconds", begin: ({ pid }) => process.kill(pid, "SIGUSR2"), end: () => {} },
];
const preload = join(import.meta.dirname, "strays-on-signal.ts");

describe.each(standstills)("R-20: a server that $name", ({ begin, end }) => {
  test("answers the waiting requests 503 with Retry-After at once; /ready fails meanwhile, /health does not; then it serves again", async () => {
    const server = await stage.start({ env: { NODE_OPTIONS: `--import=${preload}` } });
    const [tokens] = await stage.grants(1);
    expect((await server.send("GET", "/ready")).status).toBe(200);
    begin(server);
    await pause(100);
    const form = { grant_type: "refresh_token", refresh_token: tokens!.refresh_token };
    const headers = { authorization: `Basic ${btoa(`${stage.credentials.id}:${stage.credentials.secret}`)}` };
    const asked = [
      server.send("GET", "/ready", { once: true }),
      server.send("GET", "/health"),
      server.send("POST", "/oauth/token", { form, headers, once: true }),
    ];
    await pause(2_900);
    end(server);
    const [ready, health, refused] = await Promise.all(asked);
    expect([ready!.status, health!.status, refused!.status]).toEqual([503, 200, 503]);
    expect(refused!.headers["retry-after"]).toBe("1");
    expect(JSON.parse(refused!.body)).toMatchObject({ error: "temporarily_unavailable" });
    await vi.waitFor(async () => expect((await server.send("GET", "/ready")).status).toBe(200), 10_000);
    stage.client.tokensOf(await stage.client.refresh(server, tokens!.refresh_token));
    expect(await stage.rowOf(tokens!.refresh_token)).toMatchObject({ generation: 2, replays: 0 });
    expect(server.events).toContainEqual(
      expect.objectContaining({ name: "server.stalled", level: "warn", forMs: expect.any(Number) }),
    );
    expect(await server.stop()).toBe(0);
  });

  test("loses no refresh: each is answered, and one that got 503 succeeds once when it is repeated", async () => {
    const server = await stage.start({ quiet: true, env: { NODE_OPTIONS: `--import=${preload}` } });
    const tokens = await stage.grants(200);
    const pool = new ClientPool(server.port, 10, { once: true });
    const before = refreshes(server, pool, tokens.slice(0, 100));
    begin(server);
    const during = refreshes(server, pool, tokens.slice(100));
    await pause(3_000);
    end(server);
    const outcomes = generationsIn([...(await before), ...(await during)]);
    expect(outcomes.every((outcome) => outcome === 2 || outcome === -503)).toBe(true);
    expect(outcomes).toContain(-503);
    const turnedAway = tokens.filter((_, at) => outcomes[at] === -503);
    await pause(1_000);
    expect(new Set(generationsIn(await refreshes(server, pool, turnedAway)))).toEqual(new Set([2]));
    for (const { refresh_token: token } of tokens)
      expect(await stage.rowOf(token)).toMatchObject({ generation: 2, replays: 0, state: "active" });
    pool.close();
    expect(await server.stop()).toBe(0);
  });
});

test("R-24: one process serves three thousand clients whose tokens expire at the same moment", async () => {
  const server = await stage.start({ quiet: true });
  const tokens = await stage.grants(3_000);
  const pool = new ClientPool(server.port, 100);
  expect(new Set(generationsIn(await refreshes(server, pool, tokens)))).toEqual(new Set([2]));
  pool.close();
  expect(server.events).toEqual([]);
  expect(await server.stop()).toBe(0);
});

import { afterEach, beforeEach, expect, test } from "vitest";
import type { Tokens } from "../harness/client.ts";
import type { Reply } from "../harness/connection.ts";
import { ClientPool } from "../harness/pipelined-client.ts";
import { refreshRequest } from "../harness/requests.ts";
import { generationOf } from "../harness/registration.ts";
import type { ServerProcess } from "../harness/server.ts";
import { setFaultStage, type FaultStage } from "./stage.ts";

let stage: FaultStage;
beforeEach(async () => {
  stage = await setFaultStage();
});
afterEach(() => stage.close());

const clients = 30;

/** Three servers on one database, under one issuer. */
async function startThree(ports: readonly number[] = []): Promise<ServerProcess[]> {
  const first = await stage.start({ quiet: true, ...(ports[0] === undefined ? {} : { port: ports[0] }) });
  const others = [1, 2].map((at) =>
    stage.start({ quiet: true, issuer: first.issuer, ...(ports[at] === undefined ? {} : { port: ports[at] }) }),
  );
  return [first, ...(await Promise.all(others))];
}

/** Refreshes with the newest token at each server in turn, until the servers are gone or `rounds` are over. */
async function work(servers: readonly ServerProcess[], newest: Tokens[], rounds: number): Promise<number[]> {
  const pools = servers.map(({ port }) => new ClientPool(port, 4));
  const statuses: number[] = [];
  await Promise.all(
    newest.map(async (_, client) => {
      for (let round = 0; round < rounds; round++) {
        const at = (client + round) % servers.length;
        const reply: Reply | undefined = await pools[at]!.send(
          refreshRequest(servers[at]!.port, stage.credentials, newest[client]!.refresh_token),
        ).catch(() => undefined);
        if (reply === undefined) return;
        statuses.push(reply.status);
        if (reply.status === 200) newest[client] = JSON.parse(reply.body) as Tokens;
      }
    }),
  );
  for (const pool of pools) pool.close();
  return statuses;
}

test("R-34, I3: three servers that are killed and restarted at once under load serve every client from its last state", async () => {
  const servers = await startThree();
  const newest = await stage.grants(clients);
  const working = work(servers, newest, 1_000_000);
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  await Promise.all(servers.map((server) => server.kill()));
  expect(new Set(await working)).toEqual(new Set([200]));

  const again = await startThree(servers.map(({ port }) => port));
  for (const server of again) expect((await server.send("GET", "/ready")).status).toBe(200);
  const before = newest.map(({ refresh_token: token }) => generationOf(token));
  expect(await work(again, newest, 20)).toEqual(Array.from({ length: 20 * clients }, () => 200));
  newest.forEach(({ refresh_token: token }, client) => expect(generationOf(token)).toBe(before[client]! + 20));
  for (const server of again)
    expect([server.events.filter(({ name }) => name !== "refresh.reuse_detected"), await server.stop()]).toEqual([
      [],
      0,
    ]);
}, 60_000);

import { afterEach, beforeEach, expect, test } from "vitest";
import { formPost, Lanes, type Reply } from "../harness/lane.ts";
import type { Tokens } from "../harness/client.ts";
import { generationOf } from "../harness/registration.ts";
import type { ServerProcess } from "../harness/server.ts";
import { setFaultStage, type FaultStage } from "./stage.ts";

let stage: FaultStage;
beforeEach(async () => {
  stage = await setFaultStage();
});
afterEach(() => stage.close());

const refreshes = (server: ServerProcess, lanes: Lanes, tokens: readonly Tokens[]): Promise<Reply[]> =>
  Promise.all(tokens.map(({ refresh_token }) => lanes.send(formPost(server.port, "/oauth/token", stage.credentials, `grant_type=refresh_token&refresh_token=${refresh_token}`))));

const generationsIn = (replies: readonly Reply[]): number[] =>
  replies.map(({ status, body }) => (status === 200 ? generationOf((JSON.parse(body) as Tokens).refresh_token) : -status));

test("R-20: a server that stood still for a second, in the middle of refreshes, answers all of them, once each", async () => {
  const server = await stage.start({ quiet: true });
  const tokens = await stage.grants(200);
  const lanes = new Lanes(server.port, 10);
  const before = refreshes(server, lanes, tokens.slice(0, 100));
  process.kill(server.pid, "SIGSTOP");
  const during = refreshes(server, lanes, tokens.slice(100));
  await new Promise((resolve) => setTimeout(resolve, 1000));
  process.kill(server.pid, "SIGCONT");
  expect(new Set(generationsIn([...(await before), ...(await during)]))).toEqual(new Set([2]));
  for (const { refresh_token: token } of tokens.slice(0, 5)) expect(await stage.rowOf(token)).toMatchObject({ generation: 2, replays: 0, state: "active" });
  lanes.close();
  expect(await server.stop()).toBe(0);
});

test("R-24: three thousand clients whose tokens expire in the same moment are all served, by one process", async () => {
  const server = await stage.start({ quiet: true });
  const tokens = await stage.grants(3_000);
  const lanes = new Lanes(server.port, 100);
  expect(new Set(generationsIn(await refreshes(server, lanes, tokens)))).toEqual(new Set([2]));
  lanes.close();
  expect(server.events).toEqual([]);
  expect(await server.stop()).toBe(0);
});

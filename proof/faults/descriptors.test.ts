import { connect, type Socket } from "node:net";
import { once } from "node:events";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { isActive } from "../harness/client.ts";
import { PipelinedClient } from "../harness/pipelined-client.ts";
import { refreshRequest } from "../harness/requests.ts";
import { setFaultStage, type FaultStage } from "./stage.ts";

let stage: FaultStage;
beforeEach(async () => {
  stage = await setFaultStage();
});
afterEach(() => stage.close());

test("R-32: with 128 descriptors and 400 new sockets, the server serves its open connections, and new ones once the sockets have closed", async () => {
  const server = await stage.start({ under: ["sh", "-c", 'ulimit -n 128 && exec "$@"', "sh"] });
  const [first, second] = await stage.grants(2);
  const early = new PipelinedClient(server.port);
  const ask = (token: string) => early.send(refreshRequest(server.port, stage.credentials, token));
  expect((await ask(first!.refresh_token)).status).toBe(200);

  const crowd = await Promise.all(Array.from({ length: 400 }, () => enter(server.port)));
  // The server accepts and closes them.
  await vi.waitFor(() => expect(crowd.filter((socket) => socket.closed).length).toBeGreaterThan(100), 10_000);
  expect((await ask(second!.refresh_token)).status).toBe(200);

  for (const socket of crowd) socket.destroy();
  await vi.waitFor(
    async () => expect(await isActive(server, stage.resourceServer, first!.access_token)).toBe(true),
    10_000,
  );
  expect((await server.send("GET", "/ready")).status).toBe(200);
  early.close();
  expect(await server.stop()).toBe(0);
}, 60_000);

async function enter(port: number): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1" });
  socket.on("error", () => {});
  socket.resume();
  await Promise.race([once(socket, "connect"), once(socket, "close")]).catch(() => {});
  return socket;
}

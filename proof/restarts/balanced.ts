import { setTimeout as pause } from "node:timers/promises";
import type { ServerProcess } from "../harness/server.ts";
import type { FaultStage } from "../faults/stage.ts";
import { startClients, type Seen } from "./clients.ts";

/** How often the load balancer asks, and for how long a stopping server goes on: several times as long. */
const askEveryMs = 100;
const env = { SYMBOLON_STOP_DELAY_SECONDS: "1" };

/**
 * Restarts two servers in turn, each on its port. The clients behave as behind a load balancer: requests go to servers
 * whose /ready answered 200 the last time that it was asked.
 */
export async function restartBehindBalancer(stage: FaultStage, clients: number, restarts: number): Promise<Seen> {
  const first = await stage.start({ quiet: true, env });
  const servers: ServerProcess[] = [first, await stage.start({ quiet: true, issuer: first.issuer, env })];
  const ready = new Set(servers.map(({ url }) => url));
  let isOver = false;
  const asking = servers.map(async ({ url }) => {
    while (!isOver) {
      const isReady = await fetch(`${url}/ready`, { headers: { connection: "close" } }).then(
        async ({ ok, body }) => (await body?.cancel(), ok),
        () => false,
      );
      if (isReady) ready.add(url);
      else ready.delete(url);
      await pause(askEveryMs);
    }
  });
  let turn = 0;
  const choose = (): string => {
    const urls = [...ready];
    return urls[turn++ % urls.length] ?? first.url;
  };
  const tokens = await stage.grants(clients);
  const { seen, stop } = startClients({ credentials: stage.credentials, tokens }, choose);
  for (let restart = 0; restart < restarts; restart++) {
    const at = restart % servers.length;
    const { port, url } = servers[at]!;
    const exitCode = await servers[at]!.stop();
    if (exitCode !== 0) seen.failures.push(`the server ended with ${exitCode}`);
    // As a service manager does: on a busy machine a start may fail, because the other server holds the database.
    const start = () => stage.start({ quiet: true, issuer: first.issuer, port, env });
    servers[at] = await start().catch(start);
    while (!ready.has(url)) await pause(askEveryMs);
  }
  await stop();
  isOver = true;
  await Promise.all(asking);
  return seen;
}

import { setTimeout as pause } from "node:timers/promises";
import type { FaultStage } from "../faults/stage.ts";
import { startClients, type Seen } from "./clients.ts";
import { holdSocket } from "./socket-holder.ts";

/** How long each server works before it is restarted. */
const workMs = 300;

/** Restarts the only server, whose listening socket outlives it. The clients know nothing of it. */
export async function restartOnInheritedSocket(stage: FaultStage, clients: number, restarts: number): Promise<Seen> {
  const holder = await holdSocket(stage.data, { SYMBOLON_STOP_DELAY_SECONDS: "1" });
  try {
    await holder.start();
    const tokens = await stage.grants(clients);
    const { seen, stop } = startClients({ credentials: stage.credentials, tokens }, () => holder.url);
    for (let restart = 0; restart < restarts; restart++) {
      await pause(workMs);
      const exitCode = await holder.stop();
      if (exitCode !== 0) seen.failures.push(`the server ended with ${exitCode}`);
      await holder.start();
    }
    await stop();
    return seen;
  } finally {
    await holder.close();
  }
}

import { Server } from "node:net";
import { setImmediate as nextTurn, setTimeout as pause } from "node:timers/promises";
import type { buildServer, Connections } from "@symbolon/server";

/** How long a server that no longer listens waits for the requests under way. */
export const stopTimeoutMs = 10_000;
/** For how long /ready answers 503 before that, so that load balancers notice. */
export const standardStopDelaySeconds = 5;
/** How long a connection may still send a request after the server has stopped accepting new ones. */
const graceMs = 500;
/** The queue of new connections is empty when none has come out of it for so many turns of the event loop. */
const emptyAfterTurns = 5;
const maximumTurns = 1_000;

/**
 * Stops the server without failing a request (faults.md R-27). For `delayMs` it serves as before, but /ready answers
 * 503 and each answer closes its connection, so that load balancers and clients move away. Then it accepts what is
 * still in the queue of new connections, stops listening, lets accepted connections send a request, and closes idle
 * ones. Requests under way have `timeoutMs`, from the moment it stops listening.
 */
export async function stopServer(
  app: ReturnType<typeof buildServer>,
  listeners: readonly Server[],
  connections: Connections,
  { delayMs, timeoutMs }: { delayMs: number; timeoutMs: number },
): Promise<void> {
  connections.drain();
  await pause(delayMs);
  await emptyQueue(connections);
  for (const listener of listeners) stopListening(listener);
  await within(Math.min(graceMs, timeoutMs), connections.allClosed());
  connections.closeIdle();
  await within(timeoutMs - graceMs, connections.allClosed());
  app.server.closeAllConnections();
  await app.close();
}

async function emptyQueue(connections: Connections): Promise<void> {
  let quietTurns = 0;
  for (let turn = 0; turn < maximumTurns && quietTurns < emptyAfterTurns; turn++) {
    const before = connections.accepted();
    await nextTurn();
    quietTurns = connections.accepted() === before ? quietTurns + 1 : 0;
  }
}

/** The close() of an HTTP server would also close its idle connections, whose next request may be on its way. */
const stopListening = (listener: Server): Server => Server.prototype.close.call(listener);

export async function within(ms: number, done: Promise<void>): Promise<void> {
  const timer = new AbortController();
  await Promise.race([done, pause(Math.max(0, ms), undefined, { signal: timer.signal }).catch(() => {})]);
  timer.abort();
}

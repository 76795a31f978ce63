import type { Socket } from "node:net";
import type { buildServer } from "@symbolon/server";

type Server = ReturnType<typeof buildServer>;

/** The requests under way and the open connections, on every address that the server listens on. */
export type WatchedRequests = {
  /**
   * From now on every response closes its connection. Resolves when every connection that has carried a request is
   * closed.
   */
  closeConnections(): Promise<void>;
  /** Resolves when no request is under way. */
  settled(): Promise<void>;
};

export function watchRequests(server: Server): WatchedRequests {
  type Reply = Parameters<Parameters<typeof server.setErrorHandler>[0]>[2];
  const replies = new Set<Reply>();
  const connections = new Set<Socket>();
  let isClosing = false;
  let [onSettled, onAllClosed] = [(): void => {}, (): void => {}];
  server.addHook("onRequest", async ({ raw: { socket } }, reply) => {
    replies.add(reply);
    if (isClosing) closeAfter(reply);
    reply.raw.once("close", () => {
      replies.delete(reply);
      if (replies.size === 0) onSettled();
    });
    if (connections.has(socket)) return;
    connections.add(socket);
    socket.once("close", () => {
      connections.delete(socket);
      if (connections.size === 0) onAllClosed();
    });
  });
  const closeAfter = (reply: Reply): void => void reply.header("connection", "close");
  return {
    closeConnections: () =>
      new Promise((resolve) => {
        isClosing = true;
        for (const reply of replies) if (!reply.sent) closeAfter(reply);
        onAllClosed = resolve;
        if (connections.size === 0) resolve();
      }),
    settled: () =>
      new Promise((resolve) => {
        onSettled = resolve;
        if (replies.size === 0) resolve();
      }),
  };
}

/** How long a kept-alive connection may carry one more request, which is answered with `Connection: close`. */
const keepAliveGraceMs = 500;

/**
 * Stops the server: answers with `Connection: close`, stops accepting, waits for the requests under way, and closes
 * what is left after `ms`. A kept-alive connection stays open for a grace time, because the next request may be on its
 * way and would fail (faults.md R-27).
 */
export async function stopWithin(ms: number, server: Server, requests: WatchedRequests): Promise<void> {
  const graceMs = Math.min(keepAliveGraceMs, ms);
  await within(graceMs, requests.closeConnections());
  const closed = server.close();
  await within(ms - graceMs, requests.settled());
  server.server.closeAllConnections();
  await closed;
}

async function within(ms: number, done: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
  await Promise.race([done, timeout]);
  clearTimeout(timer);
}

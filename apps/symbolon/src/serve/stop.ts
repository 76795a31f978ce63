import type { Socket } from "node:net";
import type { buildServer } from "@symbolon/server";

type Server = ReturnType<typeof buildServer>;

/** Knows which requests are under way, on every address that the server listens on. */
export type UnderWay = {
  /**
   * From now on every answer ends its connection. Resolves when no connection is left that was ever asked anything on.
   */
  leave(): Promise<void>;
  /** Resolves when no request is. */
  settled(): Promise<void>;
};

export function watchRequests(server: Server): UnderWay {
  type Reply = Parameters<Parameters<typeof server.setErrorHandler>[0]>[2];
  const replies = new Set<Reply>();
  const connections = new Set<Socket>();
  let isLeaving = false;
  let [whenNone, whenGone] = [(): void => {}, (): void => {}];
  server.addHook("onRequest", async ({ raw: { socket } }, reply) => {
    replies.add(reply);
    if (isLeaving) sayGoodbye(reply);
    reply.raw.once("close", () => {
      replies.delete(reply);
      if (replies.size === 0) whenNone();
    });
    if (connections.has(socket)) return;
    connections.add(socket);
    socket.once("close", () => {
      connections.delete(socket);
      if (connections.size === 0) whenGone();
    });
  });
  const sayGoodbye = (reply: Reply): void => void reply.header("connection", "close");
  return {
    leave: () =>
      new Promise((resolve) => {
        isLeaving = true;
        for (const reply of replies) if (!reply.sent) sayGoodbye(reply);
        whenGone = resolve;
        if (connections.size === 0) resolve();
      }),
    settled: () =>
      new Promise((resolve) => {
        whenNone = resolve;
        if (replies.size === 0) resolve();
      }),
  };
}

/** How long a connection that is kept alive is given for one more request, and the answer that says goodbye. */
const goodbyeMs = 500;

/**
 * Says goodbye on every connection, stops accepting, lets the requests under way end, and cuts off what is left after
 * `ms`. A kept connection is not just closed: the next request may be on its way, and would fail (faults.md R-27). One
 * on which nobody asks anything (idle, or opened in advance by a browser) is not waited for beyond that.
 */
export async function stopWithin(ms: number, server: Server, underWay: UnderWay): Promise<void> {
  const graceMs = Math.min(goodbyeMs, ms);
  await within(graceMs, underWay.leave());
  const closed = server.close();
  await within(ms - graceMs, underWay.settled());
  server.server.closeAllConnections();
  await closed;
}

async function within(ms: number, done: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const outOfPatience = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
  await Promise.race([done, outOfPatience]);
  clearTimeout(timer);
}

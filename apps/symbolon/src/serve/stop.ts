import type { buildServer } from "@symbolon/server";

type Server = ReturnType<typeof buildServer>;

/** Knows which requests are under way, on every address that the server listens on. */
export type UnderWay = {
  /** Resolves when no request is. */
  settled(): Promise<void>;
};

export function watchRequests(server: Server): UnderWay {
  let count = 0;
  let whenNone = (): void => {};
  server.addHook("onRequest", async (_request, reply) => {
    count++;
    reply.raw.once("close", () => {
      count--;
      if (count === 0) whenNone();
    });
  });
  return {
    settled: () =>
      new Promise((resolve) => {
        whenNone = resolve;
        if (count === 0) resolve();
      }),
  };
}

/**
 * Stops accepting, lets the requests under way end, and cuts off what is left after `ms`. Connections that nobody is
 * asking anything on (kept alive, or opened in advance by a browser) are not waited for.
 */
export async function stopWithin(ms: number, server: Server, underWay: UnderWay): Promise<void> {
  const closed = server.close();
  let timer: NodeJS.Timeout | undefined;
  const outOfPatience = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
  await Promise.race([underWay.settled(), outOfPatience]);
  clearTimeout(timer);
  server.server.closeAllConnections();
  await closed;
}

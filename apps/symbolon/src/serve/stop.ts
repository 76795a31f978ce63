import type { buildServer } from "@symbolon/server";

/** Stops accepting, lets the requests under way end, and cuts off what is left after `ms`. */
export async function stopWithin(ms: number, server: ReturnType<typeof buildServer>): Promise<void> {
  const cutOff = setTimeout(() => server.server.closeAllConnections(), ms);
  try {
    await server.close();
  } finally {
    clearTimeout(cutOff);
  }
}

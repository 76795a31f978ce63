import { once } from "node:events";
import { Agent } from "node:http";
import { connect, type Socket } from "node:net";
import { atRate, type Flood } from "./flood.ts";
import { usualClients } from "./good-clients.ts";

/** Another network than that of the good clients. Linux answers on all of 127.0.0.0/8. */
const attacker = "127.0.0.2";

export const keepAlive: Flood = {
  name: "keep-alive",
  title: "HT-16: 16,500 keep-alive connections of one address, while good clients connect for each request",
  steps: 16_500,
  async prepare(target) {
    const { good } = await usualClients(target, {}, new Agent({ keepAlive: false }));
    const open = new Set<Socket>();
    return {
      good,
      async attack(steps, note) {
        await atRate({ steps, perSecond: 3_000, atOnce: 100 }, async () => {
          const socket = connect({ port: target.server.port, host: "127.0.0.1", localAddress: attacker });
          open.add(socket);
          socket.on("error", () => socket.destroy()).on("close", () => open.delete(socket));
          socket.write(`GET /health HTTP/1.1\r\nHost: 127.0.0.1:${target.server.port}\r\n\r\n`);
          const answer = await Promise.race([once(socket, "data"), once(socket, "close").then(() => undefined)]);
          note(answer === undefined ? "closed without an answer" : "answered");
        });
        // The server closes by batches; a few seconds more with all that are left.
        await new Promise((resolve) => setTimeout(resolve, 2_000));
        for (let count = 0; count < open.size; count++) note("left open");
        for (const socket of open) socket.destroy();
      },
    };
  },
};

import { Agent } from "node:http";
import { sendTo } from "../harness/send.ts";
import { atRate, type Flood } from "./flood.ts";
import { basicOf, usualClients } from "./good-clients.ts";

export const wrongSecrets: Flood = {
  name: "wrong-secrets",
  title: "OP-13: 200 wrong secrets a second for the client ids of the good clients, from their own network",
  steps: 6_000,
  async prepare(target) {
    const { app, resourceServer, good } = await usualClients(target);
    const send = sendTo(target.server.url, new Agent({ keepAlive: true, maxSockets: 32 }));
    return {
      good,
      attack: (steps, note) =>
        atRate({ steps, perSecond: 200, atOnce: 32 }, async (index) => {
          const isApp = index % 2 === 0;
          const authorization = basicOf({ id: (isApp ? app : resourceServer).id, secret: `wrong-${index}` });
          const form: Record<string, string> = isApp ? { grant_type: "client_credentials" } : { token: "x" };
          const path = isApp ? "/oauth/token" : "/oauth/introspect";
          note((await send("POST", path, { form, headers: { authorization }, once: true })).status);
        }),
    };
  },
};

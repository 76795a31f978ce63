import { Agent } from "node:http";
import { activateGrants } from "../harness/population.ts";
import { addAccount, addApplication, addResourceServer, type Credentials } from "../harness/registration.ts";
import { jsonOf, sendTo } from "../harness/send.ts";
import type { GoodClient, Target } from "./flood.ts";

export const basicOf = ({ id, secret }: Credentials): string =>
  `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`;

/** The usual good clients: an application that asks for tokens, and a resource server that introspects one. */
export async function usualClients(
  { data, server }: Target,
  headers: Record<string, string> = {},
): Promise<{ app: Credentials; resourceServer: Credentials; good: GoodClient[] }> {
  const app = await addApplication(data);
  const resourceServer = await addResourceServer(data);
  const owner = await addAccount(data, "owner@example.com");
  const [tokens] = await data.withStore((store) => activateGrants(data, store, app, owner, 1));
  const send = sendTo(server.url, new Agent({ keepAlive: true }));
  const ask = (path: string, caller: Credentials, form: Record<string, string>) =>
    send("POST", path, { form, headers: { ...headers, authorization: basicOf(caller) }, once: true });
  return {
    app,
    resourceServer,
    good: [
      {
        name: "client credentials",
        everyMs: 20,
        request: async () =>
          (await ask("/oauth/token", app, { grant_type: "client_credentials", scope: "employees:read" })).status ===
          200,
      },
      {
        name: "introspection",
        everyMs: 20,
        request: async () => {
          const answer = await ask("/oauth/introspect", resourceServer, { token: tokens!.access_token });
          return answer.status === 200 && jsonOf<{ active: boolean }>(answer).active;
        },
      },
    ],
  };
}

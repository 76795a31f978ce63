import { createHash } from "node:crypto";
import { Agent } from "node:http";
import { activateGrants, redirectUri, verifier } from "../harness/population.ts";
import { addAccount, addApplication, addResourceServer, type Credentials } from "../harness/registration.ts";
import { jsonOf, sendTo } from "../harness/send.ts";
import type { GoodClient, Target } from "./flood.ts";

export const basicOf = ({ id, secret }: Credentials): string =>
  `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`;

export const ownerEmail = "owner@example.com";

/** The parameters of an authorization request that asks to sign in. */
export const challengeOf = (clientId: string): URLSearchParams =>
  new URLSearchParams({
    response_type: "code",
    client_id: clientId,
    redirect_uri: redirectUri,
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
    prompt: "login",
  });

/** The usual good clients: an application that asks for tokens, and a resource server that introspects one. */
export async function usualClients(
  { data, server }: Target,
  headers: Record<string, string> = {},
  agent = new Agent({ keepAlive: true }),
): Promise<{ app: Credentials; resourceServer: Credentials; good: GoodClient[] }> {
  const app = await addApplication(data);
  const resourceServer = await addResourceServer(data);
  const owner = await addAccount(data, ownerEmail);
  const [tokens] = await data.withStore((store) => activateGrants(data, store, app, owner, 1));
  const send = sendTo(server.url, agent);
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

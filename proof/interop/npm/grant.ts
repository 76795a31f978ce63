import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import grantModule from "grant";
import { must, type NpmClient } from "./npm-client.ts";

/** The tokens, or the error, that grant gives to the application's callback. */
type GrantResponse = { access_token?: string; refresh_token?: string; error?: { error?: string } };

/** Its declarations leave the handler for plain Node out. */
const { node: grantForNode } = grantModule as unknown as {
  node(
    options: object,
  ): (request: IncomingMessage, response: ServerResponse) => Promise<{ redirect?: boolean; response?: GrantResponse }>;
};

export const grant: NpmClient = {
  packageName: "grant",
  methods: ["client_secret_basic", "client_secret_post"],
  async run({ issuer, allow, step, register }, token_endpoint_auth_method) {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      const { id, secret } = await register(`${origin}/connect/symbolon/callback`);
      const app = grantForNode({
        config: {
          defaults: { origin, transport: "state", state: true, pkce: true },
          symbolon: {
            oauth: 2,
            authorize_url: `${issuer}/oauth/authorize`,
            access_url: `${issuer}/oauth/token`,
            key: id,
            secret,
            scope: ["payroll:read"],
            token_endpoint_auth_method,
          },
        },
        session: { secret: "a secret of the test" },
      });
      server.on("request", (request, response) => {
        void app(request, response).then(({ redirect, response: found }) =>
          redirect === true ? undefined : response.end(JSON.stringify(found)),
        );
      });
      const visit = async (url: string, cookie = "") => fetch(url, { redirect: "manual", headers: { cookie } });
      const begin = async () => {
        const started = await visit(`${origin}/connect/symbolon`);
        return { to: started.headers.get("location")!, cookie: started.headers.getSetCookie()[0]!.split(";")[0]! };
      };
      const first = await begin();
      const left = await step("authorize", () => allow(first.to));
      await step("redeem", async () => {
        const found = (await (await visit(left.href, first.cookie)).json()) as GrantResponse;
        must(found.refresh_token?.startsWith("sym_rt_") === true, JSON.stringify(found));
      });
      await step("error answer", async () => {
        const again = await begin();
        const replayed = new URL(left);
        replayed.searchParams.set("state", new URL(again.to).searchParams.get("state")!);
        const found = (await (await visit(replayed.href, again.cookie)).json()) as GrantResponse;
        must(found.error?.error === "invalid_grant", JSON.stringify(found));
      });
    } finally {
      server.close();
      server.closeAllConnections();
    }
  },
};

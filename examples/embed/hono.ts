import { serve } from "@hono/node-server";
import { getConnInfo } from "@hono/node-server/conninfo";
import { Hono } from "hono";
import { createServer, type ServerOptions } from "symbolon/server";

/** An application in Hono, with the authorization server below the path of its issuer. */
export async function startHono(options: ServerOptions, port: number) {
  const symbolon = await createServer(options);
  const app = new Hono();
  for (const path of symbolon.paths)
    app.all(path, (context) => symbolon.fetch(context.req.raw, { remoteAddress: getConnInfo(context).remote.address }));
  app.get("/hello", (context) => context.json({ hello: "from our own application" }));

  const server = serve({ fetch: app.fetch, port });
  return async () => {
    await new Promise((resolve) => server.close(resolve));
    await symbolon.close();
  };
}

import Fastify from "fastify";
import { createServer, type ServerOptions } from "symbolon/server";

/** An application in Fastify, with the authorization server below the path of its issuer. */
export async function startFastify(options: ServerOptions, port: number) {
  const symbolon = await createServer(options);
  const app = Fastify();
  await app.register(symbolon.plugin, { prefix: "/auth" });
  app.get("/hello", async () => ({ hello: "from our own application" }));

  await app.listen({ port });
  return () => app.close(); // closes the authorization server, too
}

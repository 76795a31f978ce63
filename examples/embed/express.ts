import express from "express";
import { createServer, type ServerOptions } from "symbolon/server";

/** An application in Express, with the authorization server below the path of its issuer. */
export async function startExpress(options: ServerOptions, port: number) {
  const symbolon = await createServer(options);
  const app = express();
  app.use(symbolon.node); // before body parsers; what is not the server's goes on to the next lines
  app.use(express.json());
  app.get("/hello", (_request, response) => void response.json({ hello: "from our own application" }));

  const server = app.listen(port);
  return async () => {
    await new Promise((resolve) => server.close(resolve));
    await symbolon.close();
  };
}

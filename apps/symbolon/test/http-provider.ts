import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";

type Http = { server: Server; url: string };

/** A server that sends what `answer` returns as JSON, and 400 authorization_pending where it returns nothing. */
export async function startHttp(
  answer: (path: string, url: string, headers: IncomingHttpHeaders) => object | undefined,
): Promise<Http> {
  const server = createServer((request, response) => {
    const said = answer(request.url!.split("?")[0]!, url, request.headers);
    response
      .writeHead(said === undefined ? 400 : 200, { "content-type": "application/json" })
      .end(JSON.stringify(said ?? { error: "authorization_pending" }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { server, url };
}

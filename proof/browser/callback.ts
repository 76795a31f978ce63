import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** An application on this computer that waits for the authorization response. */
export type Callback = {
  redirectUri: string;
  /** The URLs that browsers requested, in order, without favicons. */
  arrivals: readonly URL[];
  close(): Promise<void>;
};

export async function listenForCallback(): Promise<Callback> {
  const arrivals: URL[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", `http://${request.headers.host}`);
    if (url.pathname !== "/callback") return void response.writeHead(204).end();
    arrivals.push(url);
    response
      .writeHead(200, { "content-type": "text/html; charset=utf-8" })
      .end("<!doctype html><html lang=en><title>Back</title><h1>You are back</h1>");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    redirectUri: `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`,
    arrivals,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

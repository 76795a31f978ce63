import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";

export type Received = {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: string;
  form: URLSearchParams;
  json: () => Record<string, unknown>;
};
export type Reply =
  | { status?: number; headers?: Record<string, string>; body?: unknown }
  | ((response: ServerResponse, received: Received) => void);

/** A provider with scripted replies, sent in order; the last one repeats. */
export type ScriptedProvider = {
  url: string;
  received: Received[];
  reply(...replies: Reply[]): void;
  stop(): Promise<void>;
};

/** A real HTTP server on loopback. An object as body goes out as JSON, a text as it is. */
export async function startProvider(): Promise<ScriptedProvider> {
  let replies: Reply[] = [];
  const received: Received[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const got = await read(request);
      received.push(got);
      const reply =
        replies.length > 1 ? replies.shift()! : (replies[0] ?? { status: 500, body: "no reply was scripted" });
      if (typeof reply === "function") return reply(response, got);
      const { status = 200, headers = {}, body } = reply;
      response.writeHead(status, {
        ...(body === undefined ? {} : { "content-type": "application/json; charset=utf-8" }),
        ...headers,
      });
      response.end(typeof body === "string" ? body : body === undefined ? "" : JSON.stringify(body));
    })();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    reply: (...scripted) => {
      replies = scripted;
      received.length = 0;
    },
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function read(request: IncomingMessage): Promise<Received> {
  let body = "";
  for await (const chunk of request.setEncoding("utf8")) body += chunk;
  const url = new URL(request.url!, "http://localhost");
  return {
    method: request.method!,
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers,
    body,
    form: new URLSearchParams(body),
    json: () => JSON.parse(body),
  };
}

/** An address on which nothing listens. */
export async function deadAddress(): Promise<string> {
  const provider = await startProvider();
  await provider.stop();
  return provider.url;
}

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { Core } from "../core.ts";
import type { Delivery } from "../faults/answer.ts";
import type { EmulatorRequest } from "./message.ts";

export type Listener = { port: number; answerWith(core: Core): void; close(): Promise<void> };

/** Key and certificate of an https server, in PEM. */
export type Tls = {
  /** The private key. */
  key: string;
  /** The certificate. */
  cert: string;
};

/** Serves a core through node:http or node:https on a loopback port. The core is created once the port is known. */
export async function listen(port: number, tls?: Tls, host = "127.0.0.1"): Promise<Listener> {
  let core: Core | undefined;
  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    serve(request, response, core!).catch((error: unknown) => fail(error, response));
  };
  const server = tls === undefined ? createServer(onRequest) : createTlsServer(tls, onRequest);
  server.listen(port, host);
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    answerWith: (given) => void (core = given),
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

const largestBody = 1024 * 1024;

async function serve(request: IncomingMessage, response: ServerResponse, { handle }: Core): Promise<void> {
  const received = await readRequest(request);
  const gone = new AbortController();
  response.once("close", () => gone.abort(new Error("the client has left")));
  await deliver(await handle(received, gone.signal), request, response);
}

/** Ends a request that failed: silently if the client has left, else with the error. */
function fail(error: unknown, response: ServerResponse): void {
  if (response.headersSent || response.destroyed) return void response.destroy();
  response
    .writeHead(500, { "content-type": "text/plain;charset=utf-8" })
    .end(`The emulator itself failed: ${String(error)}\n`);
}

async function readRequest(request: IncomingMessage): Promise<EmulatorRequest> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > largestBody) throw new Error("the body is too large");
    parts.push(part);
  }
  const [path = "/", ...query] = request.url!.split("?");
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(", ") : (value ?? ""),
    ]),
  );
  return {
    method: request.method!,
    path,
    query: query.join("?"),
    headers,
    body: Buffer.concat(parts).toString("utf8"),
  };
}

async function deliver(
  { answer, manner }: Delivery,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = Buffer.from(answer.body);
  if (manner === "cut_before") return void request.socket.resetAndDestroy();
  if (manner === "silence") return;
  response.writeHead(answer.status, { ...answer.headers, "content-length": body.length });
  if (manner === "whole") return void response.end(body);
  if (typeof manner === "object") return await drip(body, manner.msPerByte, response);
  await new Promise((resolve) => response.write(body.subarray(0, Math.floor(body.length / 2)), resolve));
  if (manner === "reset_midway") request.socket.resetAndDestroy();
  else request.socket.end();
}

async function drip(body: Buffer, msPerByte: number, response: ServerResponse): Promise<void> {
  response.flushHeaders();
  for (const byte of body) {
    await new Promise((resolve) => setTimeout(resolve, msPerByte));
    if (response.destroyed) return;
    response.write(Uint8Array.of(byte));
  }
  response.end();
}

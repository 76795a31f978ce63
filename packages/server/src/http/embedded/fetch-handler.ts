import { isIP } from "node:net";
import type { FastifyInstance } from "fastify";
import { rows } from "../register.ts";
import { openEntrance, type Entrance } from "./entrance.ts";
import { refuseReadBody, refuseUnroutable, type EmbeddedDeps } from "./unroutable.ts";

/**
 * Answers a request of the Fetch API. `remoteAddress`: the address of the peer, which limits are counted for. Requests
 * without one all count as one network.
 */
export type FetchHandler = (request: Request, peer: { remoteAddress: string | undefined }) => Promise<Response>;

const largestBody = Math.max(...rows.map((row) => ("bodyLimit" in row ? row.bodyLimit : 0)));

/** In the place of an address; no list of trusted proxies contains it. */
const noAddress = "unknown";

/**
 * Passes requests to the router of `app`, as a server would that received them. A body beyond the largest limit is not
 * read to its end.
 */
export function fetchHandler(
  app: FastifyInstance,
  deps: EmbeddedDeps,
  entrance: Entrance = openEntrance(),
): FetchHandler {
  const addressOf = addressReader(deps);
  return async (request, peer) => {
    const url = new URL(request.url);
    if (entrance.isClosed()) return toResponse(refuseUnroutable("server_stopping", url.pathname, deps));
    if (request.bodyUsed) return toResponse(refuseReadBody(url.pathname, deps));
    const fault = faultOfRequest(url, request.headers);
    if (fault !== undefined) return toResponse(refuseUnroutable(fault, url.pathname, deps));
    const end = entrance.begin();
    try {
      const body = await readBody(request).catch(() => "broken" as const);
      if (body === "broken") return toResponse(refuseUnroutable("request_timeout", url.pathname, deps));
      return await pass(request, { url, body, remoteAddress: addressOf(peer?.remoteAddress) }, app);
    } finally {
      end();
    }
  };
}

async function pass(
  request: Request,
  { url, body, remoteAddress }: { url: URL; body: Buffer | undefined; remoteAddress: string },
  app: FastifyInstance,
): Promise<Response> {
  const headers = headersOf(request.headers, url);
  const answer = await app.inject({
    method: request.method as "GET",
    url: url.pathname + url.search,
    headers: body === undefined ? headers : { ...headers, "content-length": String(body.length) },
    ...(body === undefined ? {} : { payload: body }),
    remoteAddress,
  });
  return toResponse({ status: answer.statusCode, headers: answer.headers, body: answer.rawPayload });
}

/** What the router is not told: a fragment, and a header that an object does not hold (request-head.ts). */
function faultOfRequest({ href }: URL, headers: Headers): "page_unknown" | "headers_malformed" | undefined {
  if (headers.has("__proto__")) return "headers_malformed";
  return href.includes("#") ? "page_unknown" : undefined;
}

/** Reports once that the host application passed no address. */
function addressReader({ emit }: EmbeddedDeps): (address: string | undefined) => string {
  let isReported = false;
  return (address) => {
    if (address !== undefined && isIP(address) !== 0) return address;
    if (!isReported) emit({ name: "client_address.missing" });
    isReported = true;
    return noAddress;
  };
}

/** As Node has them. Two Host or Content-Type headers, which Fetch joins, are two again, so that they are refused. */
function headersOf(sent: Headers, url: URL): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = { host: url.host };
  for (const [name, value] of sent)
    headers[name] = name === "host" || name === "content-type" ? splitList(value) : value;
  return headers;
}

/** The values of a list; a comma between quotes is part of a value. */
const splitList = (value: string): string | string[] => {
  const values = value.match(/(?:[^,"]|"[^"]*"?)+/g) ?? [""];
  return values.length === 1 ? value : values;
};

/** `undefined` where there is none, and where its length says that it will be refused. */
async function readBody(request: Request): Promise<Buffer | undefined> {
  if (request.body === null || Number(request.headers.get("content-length")) > largestBody) return undefined;
  const reader = request.body.getReader();
  const chunks: Uint8Array[] = [];
  for (let length = 0; length <= largestBody;) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    length += value.length;
  }
  reader.releaseLock(); // not cancelled: that would end a connection on which the answer has yet to leave
  return Buffer.concat(chunks);
}

/** Headers of one connection, which is the host application's. */
const ofConnection = new Set(["connection", "keep-alive", "transfer-encoding", "date"]);

type Whole = { status: number; headers: Readonly<Record<string, unknown>>; body: string | Buffer };

function toResponse({ status, headers, body }: Whole): Response {
  const sent = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || ofConnection.has(name)) continue;
    for (const each of [value].flat()) sent.append(name, String(each));
  }
  return new Response(body.length === 0 ? null : new Uint8Array(Buffer.from(body)), { status, headers: sent });
}

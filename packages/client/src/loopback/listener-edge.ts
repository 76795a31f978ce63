import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { ClientError } from "../errors/client-error.ts";
import { platformWorld } from "../edge.ts";
import { isAmount } from "../http/retries.ts";
import type { World } from "../world.ts";

export type LoopbackOptions = {
  /** Default: any free port; servers that keep to RFC 8252 §7.3 take whichever it is. */
  port?: number;
  /** Default `/callback`. It begins with a slash and has no query. */
  path?: string;
  /** Default: five minutes. */
  timeoutMs?: number;
  world?: World;
};

export type LoopbackListener = AsyncDisposable & {
  /** What to register and to send: `http://127.0.0.1:PORT/callback`. */
  redirectUri: string;
  /** The redirect that carries this state, whole. Rejects with a ClientError: `timeout`, `aborted`. */
  callback(state: string, signal?: AbortSignal): Promise<string>;
  close(): Promise<void>;
};

/**
 * Waits on this machine for a browser to come back. It listens on 127.0.0.1 alone, answers one path, under its own
 * `Host` (a page elsewhere whose name was pointed here is refused), and closes after one good answer or when time is
 * up. Rejects with `invalid_request` where port, path or time cannot be used; a port that somebody else has is such a
 * one.
 * @see RFC 8252 §7.3, §8.3, MX-10
 */
export async function listenOnLoopback({
  port = 0,
  path = "/callback",
  timeoutMs = 5 * 60_000,
  world = platformWorld,
}: LoopbackOptions = {}): Promise<LoopbackListener> {
  const wrong = whyUnfit({ port, path, timeoutMs });
  if (wrong !== undefined) throw unusable(...wrong);
  /** What came before anybody waited; a page that floods us does not fill the memory. */
  const came = new Map<string, string>();
  let awaited: string | undefined;
  let arrived = (): void => {};
  const server = createServer(
    { requestTimeout: 10_000, headersTimeout: 5000, maxHeaderSize: 16_384 },
    (request, response) => {
      const state = answer(request, response, origin, path);
      if (state === undefined || came.has(state) || (state !== awaited && came.size >= 16)) return;
      came.set(state, origin + request.url!);
      if (state === awaited) arrived();
    },
  );
  server.maxConnections = 16;
  server.listen(port, "127.0.0.1");
  await once(server, "listening").catch((cause: Error) => {
    throw unusable("port", cause.message, cause);
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, "close");
    server.close();
    server.closeIdleConnections();
    await closed;
  };
  return {
    redirectUri: origin + path,
    async callback(state, signal) {
      const late = new AbortController();
      const stopped = world.sleep(
        timeoutMs,
        signal === undefined ? late.signal : AbortSignal.any([late.signal, signal]),
      );
      try {
        const isIn = new Promise<void>((resolve) => void (arrived = resolve));
        awaited = state;
        if (!came.has(state)) await Promise.race([isIn, stopped.catch(() => {})]);
        if (came.has(state)) return came.get(state)!;
        throw new ClientError({
          provider: "loopback",
          operation: "callback",
          code: signal?.aborted === true ? "aborted" : "timeout",
          outcome: "not_processed",
        });
      } finally {
        late.abort();
        stopped.catch(() => {});
        await close();
      }
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function whyUnfit({
  port,
  path,
  timeoutMs,
}: {
  port: unknown;
  path: unknown;
  timeoutMs: unknown;
}): [field: string, says: string] | undefined {
  // What is no number would be taken for the name of a local socket.
  if (!Number.isInteger(port) || !isAmount(port) || (port as number) > 65_535)
    return ["port", "must be a whole number up to 65535"];
  if (typeof path !== "string" || !/^\/[\w.~!$&'()*+,;=:@%/-]*$/.test(path))
    return ["path", "must begin with a slash, and be no more than a path"];
  return isAmount(timeoutMs) ? undefined : ["timeoutMs", "cannot be used"];
}

const unusable = (field: string, says: string, cause?: Error): ClientError =>
  new ClientError({
    provider: "loopback",
    operation: "listenOnLoopback",
    code: "invalid_request",
    outcome: "not_processed",
    field,
    says,
    cause,
  });

/** Answers the browser; the state that it brought, where it brought an answer to somebody. */
function answer(
  { method, url = "", headers }: IncomingMessage,
  response: ServerResponse,
  origin: string,
  path: string,
): string | undefined {
  const say = (status: number, text: string): undefined => {
    const body = page.replace("TEXT", text);
    response
      .writeHead(status, { ...pageHeaders, "content-length": Buffer.byteLength(body) })
      .end(method === "HEAD" ? "" : body);
  };
  if (`http://${headers.host}` !== origin) return say(400, "This address answers under one name only.");
  const [asked, query = ""] = url.split("?");
  if (asked !== path) return say(404, "There is nothing here.");
  if (method !== "GET") return say(405, "There is nothing to send here.");
  const parameters = new URLSearchParams(query);
  const state = parameters.get("state");
  if (state === null || !(parameters.has("code") || parameters.has("error")))
    return say(400, "This is not an answer to anything.");
  say(200, "You can close this window and go back to the program.");
  return state;
}

const page = '<!doctype html><html lang="en"><meta charset="utf-8"><title>Signed in</title><p>TEXT</p></html>\n';

const pageHeaders = {
  "content-type": "text/html; charset=utf-8",
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  connection: "close",
};

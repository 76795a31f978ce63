/// <reference lib="esnext.disposable" preserve="true" />
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { platformWorld } from "../edge.ts";
import { ClientError } from "../errors/client-error.ts";
import { isNonNegative } from "../http/retries.ts";
import type { World } from "../world.ts";
import { answerBrowser } from "./answer-browser-edge.ts";

/** Options of `listenOnLoopback`. */
export type LoopbackOptions = {
  /** Default: any free port. Authorization servers accept any port of a loopback address (RFC 8252 §7.3). */
  port?: number | undefined;
  /** Begins with a slash and has no query. Default: `/callback`. */
  path?: string | undefined;
  /** How long to wait for the user, in milliseconds. Default: five minutes. */
  timeoutMs?: number | undefined;
  /** Clock and timers. Default: the platform's. */
  world?: World | undefined;
};

/** A listener for one redirect. Close it, or let `await using` do so. */
export type LoopbackListener = AsyncDisposable & {
  /** The redirect URI to register and to send: `http://127.0.0.1:PORT/callback`. */
  redirectUri: string;
  /**
   * Waits for the redirect with this `state` and resolves to its URL. Rejects with `ClientError`: `timeout`, `aborted`.
   */
  callback(state: string, signal?: AbortSignal): Promise<string>;
  /** Stops listening. May be called more than once. */
  close(): Promise<void>;
};

/** How many redirects with other states are remembered, so that a page sending many cannot fill the memory. */
const maxRemembered = 16;

/**
 * Starts an HTTP server on 127.0.0.1 that waits for the browser to come back from the provider. It answers one path,
 * under its own `Host` only, and closes after the awaited redirect or when the time is up. Rejects with
 * `invalid_request` if port (also one in use), path or timeout cannot be used.
 * @see RFC 8252 §7.3, §8.3, MX-10
 */
export async function listenOnLoopback({
  port = 0,
  path = "/callback",
  timeoutMs = 5 * 60_000,
  world = platformWorld,
}: LoopbackOptions = {}): Promise<LoopbackListener> {
  const invalid = invalidOption({ port, path, timeoutMs });
  if (invalid !== undefined) throw invalidRequest(...invalid);
  const received = new Map<string, string>();
  let awaited: string | undefined;
  let notify = (): void => {};
  const server = createServer(
    { requestTimeout: 10_000, headersTimeout: 5000, maxHeaderSize: 16_384 },
    (request, response) => {
      const state = answerBrowser(request, response, { origin, path, state: awaited });
      if (state === undefined || received.has(state) || (state !== awaited && received.size >= maxRemembered)) return;
      received.set(state, origin + request.url!);
      if (state === awaited) notify();
    },
  );
  const origin = `http://127.0.0.1:${await listen(server, port)}`;
  const close = () => closeServer(server);
  return {
    redirectUri: origin + path,
    async callback(state, signal) {
      const done = new AbortController();
      const timeUp = world.sleep(timeoutMs, signal ? AbortSignal.any([done.signal, signal]) : done.signal);
      try {
        const arrival = new Promise<void>((resolve) => void (notify = resolve));
        awaited = state;
        if (!received.has(state)) await Promise.race([arrival, timeUp.catch(() => {})]);
        const url = received.get(state);
        if (url !== undefined) return url;
        throw loopbackError("callback", signal?.aborted === true ? "aborted" : "timeout");
      } finally {
        done.abort();
        timeUp.catch(() => {});
        await close();
      }
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Listens on 127.0.0.1 and returns the port. */
async function listen(server: Server, port: number): Promise<number> {
  server.maxConnections = 16;
  server.listen(port, "127.0.0.1");
  await once(server, "listening").catch((cause: Error) => {
    throw invalidRequest("port", cause.message, cause);
  });
  return (server.address() as AddressInfo).port;
}

async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, "close");
  server.close();
  server.closeIdleConnections();
  await closed;
}

type UncheckedOptions = Readonly<Record<"port" | "path" | "timeoutMs", unknown>>;

function invalidOption({ port, path, timeoutMs }: UncheckedOptions): [field: string, message: string] | undefined {
  // Node takes a port that is not a number for the name of a local socket.
  if (!Number.isInteger(port) || !isNonNegative(port) || (port as number) > 65_535)
    return ["port", "must be an integer from 0 to 65535"];
  if (typeof path !== "string" || !/^\/[\w.~!$&'()*+,;=:@%/-]*$/.test(path))
    return ["path", "must begin with a slash and have no query or fragment"];
  return isNonNegative(timeoutMs) ? undefined : ["timeoutMs", "cannot be used"];
}

const invalidRequest = (field: string, message: string, cause?: Error): ClientError =>
  loopbackError("listenOnLoopback", "invalid_request", { field, message, cause });

const loopbackError = (
  operation: string,
  code: "invalid_request" | "timeout" | "aborted",
  facts: { field?: string; message?: string; cause?: Error | undefined } = {},
): ClientError => new ClientError({ provider: "loopback", operation, code, outcome: "not_processed", ...facts });

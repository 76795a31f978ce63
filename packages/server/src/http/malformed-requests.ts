import { STATUS_CODES, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { Reason } from "@symbolon/protocol";
import type { Deps } from "../deps.ts";
import { refusalAnswer, type Answer } from "./answers.ts";
import { corsHeaders } from "./cors.ts";
import { headersOfEveryAnswer } from "./every-answer.ts";
import { splitUrl } from "./form-request.ts";
import { newRequestId } from "./request-log.ts";

/** What Node's parser and timeouts call the fault. Any other code is a syntax error. */
const reasonsOfCodes: Readonly<Record<string, Reason>> = {
  HPE_HEADER_OVERFLOW: "headers_too_large",
  HPE_CHUNK_EXTENSIONS_OVERFLOW: "body_too_large",
  ERR_HTTP_REQUEST_TIMEOUT: "request_timeout",
};

/**
 * Answers what is no request, or did not arrive in time, with the error format of everything else, and closes the
 * connection (HT-12). `latest`: the response to the last request that the connection carried. Behind a complete request
 * nothing is written: it would be read as the answer to that request. `corsPaths`: where pages of other origins may
 * read the answer.
 */
export function refuseMalformed(
  error: Error & { code?: string; rawPacket?: Buffer },
  socket: Duplex,
  latest: ServerResponse | undefined,
  corsPaths: ReadonlySet<string>,
  { config, emit, random }: Pick<Deps, "config" | "emit" | "random">,
): void {
  if (error.code === "ECONNRESET" || !socket.writable) return void socket.destroy();
  if (latest !== undefined && !latest.closed) {
    if (latest.req.complete) return void latest.once("close", () => socket.destroy());
    if (latest.headersSent || latest.socket === null) return void socket.destroy();
  }
  const reason = reasonsOfCodes[error.code ?? ""] ?? "headers_malformed";
  const id = newRequestId(random);
  emit({ name: "request.refused", reason, endpoint: "none" }, id);
  const { status, headers, body } = unroutedAnswer(reason, id, {
    forAnyOrigin: corsPaths.has(pathOfFailed(error.rawPacket, latest)),
    config,
  });
  const lines = Object.entries({ ...headers, connection: "close" }).map(([name, value]) => `${name}: ${String(value)}`);
  socket.end([`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, "", body].join("\r\n"), () => socket.destroy());
}

/**
 * The whole answer to a request that the framework does not see, with all of its headers. `forAnyOrigin`: whether pages
 * of other origins may read it.
 */
export function unroutedAnswer(
  reason: Reason,
  requestId: string,
  { forAnyOrigin, config }: { forAnyOrigin: boolean; config: Deps["config"] },
): Answer {
  const { status, headers, body } = refusalAnswer({ reason }, config.issuer);
  const all = {
    ...headers,
    ...headersOfEveryAnswer(config),
    ...(forAnyOrigin ? corsHeaders : {}),
    "request-id": requestId,
    "content-length": Buffer.byteLength(body),
  };
  return { status, headers: all, body };
}

/**
 * The path of the request that failed: in its body, or in its headers if its first line begins the packet at which the
 * parser stopped. Else the empty string.
 */
function pathOfFailed(packet: Buffer | undefined, latest: ServerResponse | undefined): string {
  if (latest !== undefined && !latest.closed) return splitUrl(latest.req.url!).path;
  const firstLine = /^[A-Z]+ ([^ ?]+)/.exec(packet?.toString("latin1", 0, 256) ?? "");
  return firstLine?.[1] ?? "";
}

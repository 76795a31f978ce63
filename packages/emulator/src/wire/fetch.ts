import type { Core } from "../core.ts";
import type { Delivery } from "../faults/answer.ts";
import type { World } from "../world.ts";
import type { EmulatorRequest } from "./message.ts";

/** A fetch function that an emulator answers without a socket. Rejects like the platform's when a connection breaks. */
export type EmulatorFetch = (input: Request | URL | string, init?: RequestInit) => Promise<Response>;

/** A fetch function answered by `core`. */
export const fetchOf =
  ({ handle }: Pick<Core, "handle">, world: World): EmulatorFetch =>
  async (input, init) => {
    const request = new Request(input, init);
    const { signal } = request;
    signal.throwIfAborted();
    const delivery = await handle(await readRequest(request), signal);
    return await deliver(delivery, world, signal);
  };

async function readRequest(request: Request): Promise<EmulatorRequest> {
  const { pathname, search } = new URL(request.url);
  return {
    method: request.method,
    path: pathname,
    query: search.slice(1),
    headers: Object.fromEntries(request.headers),
    body: await request.text(),
  };
}

async function deliver({ answer, manner }: Delivery, world: World, signal: AbortSignal): Promise<Response> {
  const bytes = new TextEncoder().encode(answer.body);
  const { status, headers } = answer;
  if (manner === "cut_before") throw broken("ECONNRESET", "socket hang up");
  if (manner === "silence")
    return await new Promise((_, reject) =>
      signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true }),
    );
  if (manner === "whole") return new Response(isBodiless(status) ? null : bytes, { status, headers });
  const half = bytes.subarray(0, Math.floor(bytes.length / 2));
  if (manner === "reset_midway" || manner === "end_midway")
    return new Response(brokenStream(half, manner === "reset_midway" ? "ECONNRESET" : "UND_ERR_SOCKET"), {
      status,
      headers,
    });
  return new Response(drips(bytes, manner.msPerByte, world, signal), { status, headers });
}

const isBodiless = (status: number): boolean => status === 204 || status === 304;

const broken = (code: string, message: string): TypeError =>
  new TypeError("fetch failed", { cause: Object.assign(new Error(message), { code }) });

/** Delivers the body in parts, so that the part before a break is read before the error. */
function brokenStream(bytes: Uint8Array, code: string): ReadableStream<Uint8Array> {
  let isSent = false;
  return new ReadableStream({
    pull(stream) {
      if (!isSent && bytes.length > 0) stream.enqueue(bytes);
      else stream.error(broken(code, "other side closed"));
      isSent = true;
    },
  });
}

function drips(bytes: Uint8Array, msPerByte: number, world: World, signal: AbortSignal): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    async pull(stream) {
      if (at >= bytes.length) return stream.close();
      await world.sleep(msPerByte, signal);
      stream.enqueue(bytes.subarray(at, ++at));
    },
  });
}

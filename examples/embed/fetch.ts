import { createServer, type ServerOptions } from "symbolon/server";

/**
 * The handlers of a route in Next, or in any framework that turns a Request into a Response. In Next they are what
 * `app/auth/[[...path]]/route.ts` exports, and `app/.well-known/oauth-authorization-server/auth/route.ts`.
 */
export async function makeRoute(options: ServerOptions) {
  const symbolon = await createServer(options);
  const handle = (request: Request) => symbolon.fetch(request, { remoteAddress: addressFromProxy(request) });
  return { GET: handle, HEAD: handle, POST: handle, PATCH: handle, DELETE: handle, OPTIONS: handle };
}

/** The address that our own proxy has seen and put at the end. A client could write what stands before it. */
const addressFromProxy = ({ headers }: Request): string | undefined =>
  headers.get("x-forwarded-for")?.split(",").at(-1)?.trim();

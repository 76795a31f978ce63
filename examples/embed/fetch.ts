import { createServer, type ServerOptions, type SymbolonServer } from "symbolon/server";

/** Handlers that turn a Request into a Response. In Next, `app/auth/[[...path]]/route.ts` exports them. */
export function makeRoute(options: ServerOptions) {
  let symbolon: Promise<SymbolonServer> | undefined; // opened by the first request, and not while Next builds
  const handle = async (request: Request) => {
    const { fetch } = await (symbolon ??= createServer(options));
    return fetch(request, { remoteAddress: addressFromProxy(request) });
  };
  return { GET: handle, HEAD: handle, POST: handle, PATCH: handle, DELETE: handle, OPTIONS: handle };
}

/** The address that our own proxy has seen and put at the end. A client could write what stands before it. */
const addressFromProxy = ({ headers }: Request): string | undefined =>
  headers.get("x-forwarded-for")?.split(",").at(-1)?.trim();

import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer as createHttpServer, type RequestListener } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { build } from "esbuild";
import type * as client from "@symbolon/client";
import type * as example from "../../examples/client/page.ts";

/** What the page of the application has as globals: the example, and all of the client. */
export type PageGlobals = { example: typeof example; client: typeof client };

/** Where the page is: both are of another origin and site than the server. */
export type Place = "https" | "localhost";

/** An application that is a page and a worker, without a server of its own. */
export type PageApplication = {
  origins: Record<Place, string>;
  redirectUris: Record<Place, string>;
  close(): Promise<void>;
};

/** For 127.0.0.1, signed by its own key, which protects nothing. */
const certificate = readFileSync(new URL("certificate.pem", import.meta.url));

const html = `<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>Page application</title>
<script type="module" src="/page.js"></script><h1>Page application</h1></html>`;

export async function startPageApplication(): Promise<PageApplication> {
  const scripts: Readonly<Record<string, string>> = {
    "/page.js": await bundle(`
      import * as example from "./examples/client/page.ts";
      import * as client from "@symbolon/client";
      Object.assign(globalThis, { example, client });`),
    "/worker.js": await bundle(`
      import { createClient, discover, symbolon, unwrap } from "@symbolon/client";
      const { issuer, clientId, accessToken } = JSON.parse(name);
      try {
        const { endpoints } = await unwrap(discover(issuer));
        const { scopes } = await createClient(symbolon, { baseUrl: issuer, clientId }).tokenInfo({ accessToken });
        postMessage({ endpoints, scopes });
      } catch (error) { postMessage({ error: String(error) }); }`),
  };
  const answer: RequestListener = ({ url = "" }, response) => {
    const script = scripts[url];
    const type = `text/${script === undefined ? "html" : "javascript"}; charset=utf-8`;
    response.writeHead(200, { "content-type": type, "cache-control": "no-store" }).end(script ?? html);
  };
  const servers = {
    https: createHttpsServer({ key: certificate, cert: certificate }, answer),
    localhost: createHttpServer(answer),
  };
  for (const server of Object.values(servers)) await once(server.listen(0, "127.0.0.1"), "listening");
  const portOf = (place: Place): number => (servers[place].address() as AddressInfo).port;
  const origins = {
    https: `https://127.0.0.1:${portOf("https")}`,
    localhost: `http://localhost:${portOf("localhost")}`,
  };
  return {
    origins,
    redirectUris: { https: `${origins.https}/callback`, localhost: `${origins.localhost}/callback` },
    async close() {
      for (const server of Object.values(servers)) {
        server.closeAllConnections();
        server.close();
        await once(server, "close");
      }
    },
  };
}

/** As an application would: for platforms without Node. */
async function bundle(contents: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: new URL("../..", import.meta.url).pathname, loader: "ts" },
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    write: false,
  });
  return outputFiles[0]!.text;
}

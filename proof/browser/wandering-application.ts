import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer as createHttpServer, type RequestListener, type Server } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";

/** How a callback can send the browser on. */
export const hows = ["302", "303", "307", "refresh", "script"] as const;
export type How = (typeof hows)[number];

/** Where it can send it: two origins, and two schemes that no program on this computer handles. */
export type Destination = "https" | "loopback" | "com.example.app" | "myapp";

/**
 * An application whose callback, on loopback or on https, sends the browser on at once to yet another origin or to an
 * app; and a page that opens a sign-in popup.
 */
export type WanderingApplication = {
  redirectUri(from: "https" | "loopback", how: How, to: Destination): string;
  landing(to: Destination): string;
  /** A page that opens `url` in a popup and shows what the popup's callback reports to its opener. */
  popupPage(url: string): string;
  popupCallback: string;
  close(): Promise<void>;
};

/** For 127.0.0.1, signed by its own key, which protects nothing. */
const certificate = readFileSync(new URL("certificate.pem", import.meta.url));

export async function startWanderingApplication(): Promise<WanderingApplication> {
  const answer: RequestListener = (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://127.0.0.1");
    const [, page = "", how = "", to = ""] = pathname.split("/");
    const show = (markup: string): void =>
      void response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(`<!doctype html>${markup}`);
    if (page === "callback") return sendOn(how as How, landing(to as Destination), response, show);
    if (page === "landed") return show("<title>Landed</title><h1>Landed</h1>");
    if (page === "opener") return show(openerPage(searchParams.get("url") ?? ""));
    if (page === "popup") return show("<script>window.opener?.postMessage(location.href, '*')</script>");
    response.writeHead(204).end();
  };
  const servers: Record<"https" | "loopback", Server> = {
    https: createHttpsServer({ key: certificate, cert: certificate }, answer),
    loopback: createHttpServer(answer),
  };
  const origins = { https: await listen(servers.https, "https"), loopback: await listen(servers.loopback, "http") };
  const landing = (to: Destination): string => {
    if (to === "https" || to === "loopback") return `${origins[to]}/landed/${to}`;
    return to === "myapp" ? "myapp://landed" : `${to}:/landed`;
  };
  return {
    redirectUri: (from, how, to) => `${origins[from]}/callback/${how}/${to}`,
    landing,
    popupPage: (url) => `${origins.https}/opener?${new URLSearchParams({ url })}`,
    popupCallback: `${origins.https}/popup`,
    async close() {
      for (const server of Object.values(servers)) {
        server.closeAllConnections();
        server.close();
        await once(server, "close");
      }
    },
  };
}

async function listen(server: Server, scheme: "http" | "https"): Promise<string> {
  await once(server.listen(0, "127.0.0.1"), "listening");
  return `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function sendOn(how: How, url: string, response: Parameters<RequestListener>[1], show: (markup: string) => void): void {
  if (how === "refresh") return show(`<meta http-equiv="refresh" content="0;url=${url}">`);
  if (how === "script") return show(`<script>location.href = ${JSON.stringify(url)}</script>`);
  response.writeHead(Number(how), { location: url }).end();
}

const openerPage = (url: string): string => `<title>Opener</title>
<button onclick='popup = window.open(${JSON.stringify(url).replaceAll("'", "&#39;")}, "signin", "width=500,height=600")'>Sign in</button>
<p id="heard"></p>
<script>addEventListener("message", (message) => (document.getElementById("heard").textContent = message.data))</script>`;

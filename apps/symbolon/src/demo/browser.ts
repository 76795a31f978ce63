import { send } from "./send.ts";

/** Where a visit ended: on a page of the server, or at another origin, where the application would listen. */
export type Visit = { at: "page"; url: URL; status: number; html: string } | { at: "application"; url: URL };

export interface Browser {
  open(url: URL): Promise<Visit>;
  post(url: URL, fields: ReadonlyMap<string, string>): Promise<Visit>;
}

const maximumRedirects = 10;

/** A minimal browser: it keeps the cookies of one site and follows redirects within it. */
export function newBrowser(site: string): Browser {
  const cookies = new Map<string, string>();

  const visit = async (url: URL, init: RequestInit, redirects = 0): Promise<Visit> => {
    if (url.origin !== new URL(site).origin) return { at: "application", url };
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers = {
      accept: "text/html",
      ...(cookie === "" ? {} : { cookie }),
      ...(init.headers as Record<string, string> | undefined),
    };
    const response = await send(url, { ...init, headers, redirect: "manual" });
    for (const line of response.headers.getSetCookie()) keepCookie(cookies, line);
    const location = response.headers.get("location");
    if (location === null || response.status < 300 || response.status > 399) {
      return { at: "page", url, status: response.status, html: await response.text() };
    }
    await response.body?.cancel();
    if (redirects === maximumRedirects) throw new Error(`${url.pathname} redirects more than ten times.`);
    return await visit(new URL(location, url), {}, redirects + 1);
  };

  return {
    open: (url) => visit(url, {}),
    post: (url, fields) =>
      visit(url, {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded", origin: url.origin },
        body: new URLSearchParams([...fields]).toString(),
      }),
  };
}

function keepCookie(cookies: Map<string, string>, line: string): void {
  const [pair = "", ...attributes] = line.split(";").map((part) => part.trim());
  const equals = pair.indexOf("=");
  const name = pair.slice(0, equals);
  if (attributes.some((attribute) => attribute.toLowerCase() === "max-age=0")) cookies.delete(name);
  else cookies.set(name, pair.slice(equals + 1));
}

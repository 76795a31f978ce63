import { generateKeyPairSync } from "node:crypto";
import { Provider } from "oidc-provider";
import type { Candidate } from "./candidate.ts";
import { listen } from "./listen.ts";

const redirectUri = "https://app.example/cb";
const client = { id: "conformance", secret: "a-secret-of-the-conformance-run" };

/**
 * oidc-provider with the pages of its development mode and a store in memory. Rotation is switched on, because by
 * itself it rotates for public clients, and near a token's end, alone; what else is asked is as it comes.
 */
export async function oidcProvider(): Promise<Candidate> {
  const at = await listen();
  const provider = new Provider(at.origin, {
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        redirect_uris: [redirectUri],
        response_types: ["code"],
        grant_types: ["authorization_code", "refresh_token"],
        scope: "openid offline_access",
      },
    ],
    features: { introspection: { enabled: true }, revocation: { enabled: true } },
    findAccount: (_: unknown, accountId: string) => ({ accountId, claims: () => ({ sub: accountId }) }),
    issueRefreshToken: () => true,
    rotateRefreshToken: () => true,
    jwks: {
      keys: [
        { ...generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" }), use: "sig" },
      ],
    },
    cookies: { keys: ["signs the cookies of one run"] },
  });
  at.answerWith(provider.callback());
  return {
    name: "oidc-provider",
    options: { issuer: at.origin, client, redirectUri, scope: "openid", authorize: personAt(at.origin) },
    close: at.close,
  };
}

/** Signs in with any name and allows, on the pages of the development mode. */
function personAt(origin: string): (url: URL) => Promise<URL> {
  return async (start) => {
    const cookies = new Map<string, Cookie>();
    let [url, body]: [URL, URLSearchParams | undefined] = [start, undefined];
    for (let step = 0; step < 12; step++) {
      if (url.origin !== origin) return url;
      const { pathname } = url;
      const cookie = [...cookies.values()]
        .filter(({ path }) => pathname.startsWith(path))
        .map(({ pair }) => pair)
        .join("; ");
      const response: Response = await fetch(url, {
        method: body === undefined ? "GET" : "POST",
        redirect: "manual",
        headers: { cookie },
        ...(body === undefined ? {} : { body }),
      });
      for (const line of response.headers.getSetCookie()) keep(line, cookies);
      const location: string | null = response.headers.get("location");
      if (location !== null) [url, body] = [new URL(location, url), undefined];
      else {
        const page: string = await response.text();
        const action: string | undefined = /<form[^>]* action="([^"]+)"/.exec(page)?.[1];
        const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1];
        if (action === undefined || prompt === undefined)
          throw new Error(`${response.status} at ${url.pathname}: no form to fill in`);
        [url, body] = [
          new URL(action, url),
          new URLSearchParams({ prompt, ...(prompt === "login" ? { login: "ada", password: "any" } : {}) }),
        ];
      }
    }
    throw new Error("the pages lead nowhere");
  };
}

type Cookie = { pair: string; path: string };

/** Cookies of one name live side by side on several paths here. */
function keep(line: string, cookies: Map<string, Cookie>): void {
  const [pair = ""] = line.split(";");
  const path = /; *path=([^;]*)/i.exec(line)?.[1] ?? "/";
  const key = `${pair.slice(0, pair.indexOf("="))} ${path}`;
  if (/expires=Thu, 01 Jan 1970/i.test(line)) cookies.delete(key);
  else cookies.set(key, { pair, path });
}

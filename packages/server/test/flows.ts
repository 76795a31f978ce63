import { basic, challenge, password, redirectUri, verifier, type World } from "./world.ts";

export type Answer = {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
  json: () => Record<string, never> & { [name: string]: unknown };
};

/** A browser that keeps cookies, reads hidden fields and posts forms. */
export function browserOf(world: World) {
  const cookies = new Map<string, string>();
  const send = async (
    method: "GET" | "POST",
    url: string,
    form?: Record<string, string>,
    headers: Record<string, string> = {},
  ) => {
    const answer = await world.app.inject({
      method,
      url,
      headers: {
        host: "localhost:8787",
        accept: "text/html",
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; "),
        ...(form === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" }),
        ...headers,
      },
      ...(form === undefined ? {} : { payload: new URLSearchParams(form).toString() }),
    });
    for (const cookie of [answer.headers["set-cookie"] ?? []].flat()) {
      const [pair = "", ...attributes] = cookie.split("; ");
      const [name = "", value = ""] = pair.split(/=(.*)/s);
      if (attributes.includes("Max-Age=0")) cookies.delete(name);
      else cookies.set(name, value);
    }
    return {
      status: answer.statusCode,
      headers: answer.headers,
      body: answer.body,
      location: String(answer.headers["location"] ?? pageTarget(answer.body) ?? ""),
    };
  };
  return {
    cookies,
    get: (url: string, headers?: Record<string, string>) => send("GET", url, undefined, headers),
    post: (url: string, form: Record<string, string>, headers?: Record<string, string>) =>
      send("POST", url, form, headers),
  };
}

export type Browser = ReturnType<typeof browserOf>;

export const hiddenFields = (html: string): Record<string, string> =>
  Object.fromEntries(
    [...html.matchAll(/<input[^>]*type="hidden"[^>]*>/g)].map(([input]) => [
      /name="([^"]*)"/.exec(input)![1]!,
      /value="([^"]*)"/.exec(input)![1]!.replaceAll("&amp;", "&"),
    ]),
  );

/** Where the page of a redirect leads. */
const pageTarget = (html: string): string | undefined =>
  /^<h1>Redirect<\/h1><a href="([^"]*)"/.exec(html)?.[1]!.replaceAll("&#38;", "&").replaceAll("&#39;", "'");

export const authorizeUrl = (clientId: string, parameters: Record<string, string> = {}): string =>
  `/oauth/authorize?${new URLSearchParams({ response_type: "code", client_id: clientId, redirect_uri: redirectUri, code_challenge: challenge, code_challenge_method: "S256", state: "s t&ate", ...parameters })}`;

/** Signs in and returns the next answer. */
export async function signIn(browser: Browser, url: string, email: string, typed = password) {
  const page = await browser.get(url);
  const answer = await browser.post("/oauth/sign-in", { ...hiddenFields(page.body), email, password: typed });
  return answer.location === "" ? answer : await browser.get(answer.location);
}

/** Obtains a code: signs in, allows, and reads the code from the redirect. */
export async function obtainCode(
  world: World,
  clientId: string,
  email: string,
  parameters: Record<string, string> = {},
  resource?: string,
): Promise<string> {
  const browser = browserOf(world);
  const consent = await signIn(browser, authorizeUrl(clientId, parameters), email);
  const form = { ...hiddenFields(consent.body), decision: "allow", ...(resource === undefined ? {} : { resource }) };
  // A location: an earlier consent was remembered.
  const answer = consent.location !== "" ? consent : await browser.post("/oauth/consent", form);
  const code = /[?&]code=([^&#]+)/.exec(answer.location)?.[1];
  if (code === undefined) throw new Error(`no code: ${answer.status} ${answer.location} ${answer.body}`);
  return code;
}

/** Posts a form to an endpoint as an application with a Basic header, or with other `headers`. */
export async function post(
  world: World,
  path: string,
  form: Record<string, string> | string,
  headers: Record<string, string> = {},
) {
  const answer = await world.app.inject({
    method: "POST",
    url: path,
    headers: { host: "localhost:8787", "content-type": "application/x-www-form-urlencoded", ...headers },
    payload: typeof form === "string" ? form : new URLSearchParams(form).toString(),
  });
  return { status: answer.statusCode, headers: answer.headers, body: answer.body, json: () => JSON.parse(answer.body) };
}

export const redeem = (world: World, clientId: string, code: string, more: Record<string, string> = {}) =>
  post(
    world,
    "/oauth/token",
    { grant_type: "authorization_code", code, code_verifier: verifier, redirect_uri: redirectUri, ...more },
    { authorization: basic(clientId) },
  );

export const refresh = (world: World, clientId: string, refreshToken: string, more: Record<string, string> = {}) =>
  post(
    world,
    "/oauth/token",
    { grant_type: "refresh_token", refresh_token: refreshToken, ...more },
    { authorization: basic(clientId) },
  );

export const introspect = (world: World, callerId: string, token: string) =>
  post(world, "/oauth/introspect", { token }, { authorization: basic(callerId) });

export const revoke = (world: World, clientId: string, token: string) =>
  post(world, "/oauth/revoke", { token }, { authorization: basic(clientId) });

export async function tokenInfo(world: World, accessToken: string) {
  const answer = await world.app.inject({
    method: "GET",
    url: "/oauth/token_info",
    headers: { host: "localhost:8787", authorization: `Bearer ${accessToken}` },
  });
  return { status: answer.statusCode, headers: answer.headers, json: () => JSON.parse(answer.body) };
}

/** The first pair of tokens of a new grant. */
export async function obtainTokens(
  world: World,
  clientId: string,
  email: string,
  parameters: Record<string, string> = {},
): Promise<{ access_token: string; refresh_token: string; scope: string; expires_in: number }> {
  return (await redeem(world, clientId, await obtainCode(world, clientId, email, parameters))).json();
}

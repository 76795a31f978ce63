import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import OAuth2Server, {
  type AuthorizationCode,
  type AuthorizationCodeModel,
  type RefreshToken,
  type RefreshTokenModel,
  type Token,
} from "@node-oauth/oauth2-server";
import type { Candidate } from "./candidate.ts";
import { listen } from "./listen.ts";

const redirectUri = "https://app.example/cb";
const client = { id: "conformance", secret: "a-secret-of-the-conformance-run" };
const grants = ["authorization_code", "refresh_token"];

/**
 * @node-oauth/oauth2-server as its documentation shows it: a model in memory, and an HTTP edge that hands through what
 * the library answers. It brings no metadata, no introspection and no revocation.
 */
export async function nodeOAuth2Server(): Promise<Candidate> {
  const at = await listen();
  const oauth = new OAuth2Server({ model: memoryModel(), accessTokenLifetime: 3600 });
  const authenticateHandler = { handle: () => ({ id: "ada" }) };
  const steps: Record<string, (request: OAuth2Server.Request, response: OAuth2Server.Response) => Promise<unknown>> = {
    "/authorize": (request, response) => oauth.authorize(request, response, { authenticateHandler }),
    "/token": (request, response) => oauth.token(request, response),
  };
  at.answerWith((request, response) => void answer(steps, at.origin, request, response));
  const endpoints = { authorization: `${at.origin}/authorize`, token: `${at.origin}/token` };
  const authorize = async (url: URL): Promise<URL> => {
    const { headers, status } = await fetch(url, { redirect: "manual" });
    const location = headers.get("location");
    if (location === null) throw new Error(`${status}, and no redirect`);
    return new URL(location);
  };
  return {
    name: "node-oauth2-server",
    options: { issuer: at.origin, client, redirectUri, scope: "profile", endpoints, authorize },
    close: at.close,
  };
}

type Steps = Record<string, (request: OAuth2Server.Request, response: OAuth2Server.Response) => Promise<unknown>>;

async function answer(steps: Steps, origin: string, message: IncomingMessage, reply: ServerResponse): Promise<void> {
  const url = new URL(message.url!, origin);
  const step = steps[url.pathname];
  if (step === undefined) return void reply.writeHead(404).end();
  const form = Object.fromEntries(new URLSearchParams(await text(message)));
  const request = new OAuth2Server.Request({
    headers: message.headers as Record<string, string>,
    method: message.method!,
    query: Object.fromEntries(url.searchParams),
    body: form,
  });
  const response = new OAuth2Server.Response();
  const failure = await step(request, response).then(
    () => undefined,
    (error: unknown) => error as OAuth2Server.OAuthError,
  );
  const isRedirect = response.headers?.["location"] !== undefined;
  const body = isRedirect
    ? ""
    : JSON.stringify(
        failure === undefined ? response.body : { error: failure.name, error_description: failure.message },
      );
  reply
    .writeHead(isRedirect ? 302 : (failure?.code ?? 200), {
      ...response.headers,
      ...(isRedirect ? {} : { "content-type": "application/json" }),
    })
    .end(body);
}

/** Two maps, whose methods answer at once: the kindest store there can be. */
function memoryModel(): AuthorizationCodeModel & RefreshTokenModel {
  const [codes, tokens] = [new Map<string, AuthorizationCode>(), new Set<Token>()];
  const registered = { id: client.id, grants, redirectUris: [redirectUri] };
  return {
    getClient: async (id, secret) =>
      id === client.id && (secret === null || secret === client.secret) ? registered : false,
    saveAuthorizationCode: async (code, owner, user) => {
      const saved = { ...code, client: owner, user };
      codes.set(code.authorizationCode, saved);
      return saved;
    },
    getAuthorizationCode: async (code) => codes.get(code),
    revokeAuthorizationCode: async ({ authorizationCode }) => codes.delete(authorizationCode),
    saveToken: async (token, owner, user) => {
      const saved = { ...token, client: owner, user };
      tokens.add(saved);
      return saved;
    },
    getAccessToken: async (access) => [...tokens].find(({ accessToken }) => accessToken === access),
    getRefreshToken: async (refresh) =>
      [...tokens].find(({ refreshToken }) => refreshToken === refresh) as RefreshToken | undefined,
    revokeToken: async ({ refreshToken }) =>
      [...tokens].some((token) => token.refreshToken === refreshToken && tokens.delete(token)),
    validateScope: async (_user, _client, scope) => scope ?? ["profile"],
  };
}

import { Sealed } from "@symbolon/protocol";
import { platformFetch } from "../edge.ts";
import type { ConsentOptions, GrantFetch, Keeper, KeeperErrorCode, KeptToken } from "../keeper/index.ts";
import type { MaybePromise } from "../maybe-promise.ts";

/** Tokens in the format of the MCP SDK. */
export type McpTokens = {
  /** The access token. */
  access_token: string;
  /** `Bearer`. */
  token_type: string;
  /** An OpenID Connect ID token. */
  id_token?: string | undefined;
  /** Seconds until the access token expires. */
  expires_in?: number | undefined;
  /** The granted scopes, separated by spaces. */
  scope?: string | undefined;
  /** The refresh token. */
  refresh_token?: string | undefined;
  /** Who issued the tokens. */
  issuer?: string | undefined;
};

/** The methods of the SDK's `OAuthClientProvider` that `keepMcpTokens` replaces. All others are called as they are. */
export type McpTokenStore = {
  /** The tokens that the SDK uses. */
  tokens(): MaybePromise<McpTokens | undefined>;
  /** Called with the tokens of a consent. */
  saveTokens(tokens: McpTokens): MaybePromise<void>;
  /** Called where the SDK takes something for invalid. */
  invalidateCredentials?(scope: "all" | "client" | "tokens" | "verifier" | "discovery"): MaybePromise<void>;
};

/** Options of `keepMcpTokens`. `ConsentOptions` apply to the tokens of each consent. */
export type McpOptions = ConsentOptions & {
  /** Stores and refreshes the tokens. Its provider needs `keeperProvider(app, { resource })`. */
  keeper: Keeper;
  /** The authorization server's issuer, the same as the keeper's provider has. Tokens of another issuer are refused. */
  issuer: string;
  /** The grant's id in the keeper. */
  id: string;
  /** Default: the platform's `fetch`. */
  fetch?: GrantFetch | undefined;
};

/** Pass both to the SDK's transport, or `fetch` to its `auth()` as `fetchFn`. */
export type McpClientParts<Provider> = { authProvider: Provider; fetch: GrantFetch };

/**
 * What the SDK gets instead of the refresh token. With the real one each of its callers would refresh separately, and
 * a refusal would delete all tokens (refresh-tokens.md B12).
 */
const placeholder = "kept-by-symbolon";

/**
 * Lets a keeper hold the tokens of an MCP client. Registration, consent, redirect and PKCE stay with the SDK and your
 * provider; the tokens of each consent are adopted as the grant `id`. Every request then carries a valid access
 * token. After a 401 the grant is refreshed once, however many callers got the 401. The user is asked to consent again
 * only if the provider refuses the grant itself. `tokens()` rejects with `KeeperError` if no token is available
 * for now; `saveTokens()` rejects with `TypeError` for tokens of another issuer.
 */
export function keepMcpTokens<Provider extends McpTokenStore>(
  provider: Provider,
  options: McpOptions,
): McpClientParts<Provider> {
  const { keeper, id, fetch: send = platformFetch, ...adoptOptions } = { ...options };
  if (typeof keeper?.tryToken !== "function") throw new TypeError("keepMcpTokens: keeper must be a keeper");
  if (typeof provider !== "object" || provider === null)
    throw new TypeError("keepMcpTokens: provider must be an OAuthClientProvider");
  const { issuer } = adoptOptions;
  /** The access token of the last 401. */
  let rejected: string | undefined;
  let isFetchUsed = false;
  const findToken = () => keeper.tryToken(id, rejected === undefined ? {} : { rejected });

  const store: McpTokenStore = {
    async tokens() {
      const found = await findToken();
      if (!found.ok && consentRequired.has(found.error.code)) return undefined;
      if (!found.ok) throw found.error;
      // Only our fetch recognises the placeholder. Without it the SDK must not try to refresh.
      return { ...toMcpTokens(found.value), issuer, ...(isFetchUsed ? { refresh_token: placeholder } : {}) };
    },
    async saveTokens(tokens) {
      if (tokens.refresh_token === placeholder) return;
      if (tokens.issuer !== undefined && withoutTrailingSlash(tokens.issuer) !== withoutTrailingSlash(issuer))
        throw new TypeError(`issuer: the tokens are of ${tokens.issuer}, but the grant ${id} is of ${issuer}`);
      await keeper.adopt(id, fromMcpTokens(tokens), adoptOptions);
    },
    // The keeper judges a grant by more than one response and never deletes one.
    invalidateCredentials: (scope) => (scope === "tokens" ? undefined : provider.invalidateCredentials?.(scope)),
  };

  async function refreshResponse(): Promise<Response> {
    const found = await findToken();
    if (found.ok) return Response.json({ ...toMcpTokens(found.value), refresh_token: placeholder });
    const { code, message } = found.error;
    // The SDK asks the user again after invalid_grant, and throws temporarily_unavailable to its caller.
    if (consentRequired.has(code)) return Response.json({ error: "invalid_grant" }, { status: 400 });
    return Response.json({ error: "temporarily_unavailable", error_description: message }, { status: 503 });
  }

  return {
    authProvider: withMethods(provider, store),
    fetch: async (input, init) => {
      isFetchUsed = true;
      if (init?.body instanceof URLSearchParams && init.body.get("refresh_token") === placeholder)
        return refreshResponse();
      const response = await send(input, init);
      if (response.status === 401) rejected = bearerToken(init?.headers) ?? rejected;
      return response;
    },
  };
}

const consentRequired: ReadonlySet<KeeperErrorCode> = new Set(["ended", "suspect", "unknown_grant"] as const);

/** The provider with some methods replaced. The others keep the provider itself as `this`. */
const withMethods = <Provider extends McpTokenStore>(provider: Provider, methods: McpTokenStore): Provider =>
  new Proxy(provider, {
    get(target, name) {
      if (Object.hasOwn(methods, name)) return methods[name as keyof McpTokenStore];
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });

const bearerToken = (headers: HeadersInit | undefined): string | undefined =>
  /^Bearer (.+)$/i.exec(new Headers(headers).get("authorization") ?? "")?.[1];

const withoutTrailingSlash = (url: string): string => url.replace(/\/$/, "");

const fromMcpTokens = ({ access_token, refresh_token, expires_in, scope }: McpTokens) => ({
  accessToken: new Sealed(access_token),
  ...(refresh_token === undefined ? {} : { refreshToken: new Sealed(refresh_token) }),
  ...(expires_in === undefined ? {} : { lifetimeSeconds: expires_in }),
  ...(scope === undefined ? {} : { scope: scope.split(" ").filter(Boolean) }),
});

const toMcpTokens = ({ accessToken, expiresInSeconds, scope }: KeptToken): McpTokens => ({
  access_token: accessToken.reveal(),
  token_type: "Bearer",
  ...(expiresInSeconds === undefined ? {} : { expires_in: expiresInSeconds }),
  ...(scope === undefined ? {} : { scope: scope.join(" ") }),
});

import { Sealed } from "@symbolon/protocol";
import { platformFetch } from "../edge.ts";
import type { AdoptOptions, GrantFetch, Keeper, KeeperErrorCode, KeptToken } from "../keeper/index.ts";

/** Tokens as the MCP SDK hands them over. */
export type McpTokens = {
  access_token: string;
  token_type: string;
  id_token?: string;
  expires_in?: number;
  scope?: string;
  refresh_token?: string;
  issuer?: string;
};

/** What is replaced of the SDK's `OAuthClientProvider`; the rest of one passes through as it is. */
export type McpTokenStore = {
  tokens(): McpTokens | undefined | Promise<McpTokens | undefined>;
  saveTokens(tokens: McpTokens): void | Promise<void>;
  invalidateCredentials?(scope: "all" | "client" | "tokens" | "verifier" | "discovery"): void | Promise<void>;
};

export type McpOptions = AdoptOptions & {
  keeper: Keeper;
  /** The authorization server's issuer, as the keeper's provider has it. Tokens of another one are not adopted. */
  issuer: string;
  /** The grant's name in the keeper. */
  id: string;
  /** What sends; the platform's by default. */
  fetch?: GrantFetch;
};

/** Give both to the SDK's transport, or `fetch` to its `auth()` as `fetchFn`. */
export type KeptMcp<Provider> = { authProvider: Provider; fetch: GrantFetch };

/**
 * Stands in for the refresh token, which the SDK never gets to see: with it, each of its callers would spend the real
 * one by itself, and a refusal would empty the store (refresh-tokens.md B12).
 */
const placeholder = "kept-by-symbolon";

/**
 * An MCP client's `OAuthClientProvider` whose tokens the keeper has. Registration, consent, redirect and PKCE stay the
 * SDK's and your provider's; what a consent brings is adopted as the grant `id`. From then on every request carries a
 * live token, and where the server answers 401, however many callers hear it, the grant is refreshed once and they all
 * go on. The person is asked again only where the provider refuses the grant itself. `tokens()` rejects with
 * `KeeperError` where there is no token for now.
 */
export function keepMcpTokens<Provider extends McpTokenStore>(
  provider: Provider,
  { keeper, id, fetch: send = platformFetch, ...adopting }: McpOptions,
): KeptMcp<Provider> {
  /** The access token that was last answered with 401. */
  let refused: string | undefined;
  let isFetchOurs = false;
  const find = () => keeper.tryToken(id, refused === undefined ? {} : { rejected: refused });

  const kept: McpTokenStore = {
    async tokens() {
      const found = await find();
      // Without our fetch nobody would catch the placeholder: then the SDK is not offered a refresh.
      if (found.ok)
        return {
          ...wireOf(found.value),
          issuer: adopting.issuer,
          ...(isFetchOurs ? { refresh_token: placeholder } : {}),
        };
      if (askThePerson.has(found.error.code)) return undefined;
      throw found.error;
    },
    async saveTokens({ access_token, refresh_token, expires_in, scope, issuer }) {
      if (refresh_token === placeholder) return;
      if (issuer !== undefined && withoutSlash(issuer) !== withoutSlash(adopting.issuer))
        throw new TypeError(`issuer: these tokens are of ${issuer}, and the grant ${id} is of ${adopting.issuer}`);
      await keeper.adopt(
        id,
        {
          accessToken: new Sealed(access_token),
          ...(refresh_token === undefined ? {} : { refreshToken: new Sealed(refresh_token) }),
          ...(expires_in === undefined ? {} : { lifetimeSeconds: expires_in }),
          ...(scope === undefined ? {} : { scope: scope.split(" ").filter(Boolean) }),
        },
        adopting,
      );
    },
    // The keeper judges grants by more than one answer, and never forgets one.
    invalidateCredentials: (scope) => (scope === "tokens" ? undefined : provider.invalidateCredentials?.(scope)),
  };

  async function refreshed(): Promise<Response> {
    const found = await find();
    if (found.ok) return Response.json({ ...wireOf(found.value), refresh_token: placeholder });
    const { code, message } = found.error;
    // Of these two the SDK asks the person again at the first, and gives the second to its caller.
    if (askThePerson.has(code)) return Response.json({ error: "invalid_grant" }, { status: 400 });
    return Response.json({ error: "temporarily_unavailable", error_description: message }, { status: 503 });
  }

  return {
    authProvider: new Proxy(provider, {
      get(target, name) {
        if (Object.hasOwn(kept, name)) return kept[name as keyof McpTokenStore];
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === "function" ? (value.bind(target) as unknown) : value;
      },
    }),
    fetch: async (input, init) => {
      isFetchOurs = true;
      if (init?.body instanceof URLSearchParams && init.body.get("refresh_token") === placeholder) return refreshed();
      const response = await send(input, init);
      if (response.status === 401)
        refused = /^Bearer (.+)$/i.exec(new Headers(init?.headers).get("authorization") ?? "")?.[1] ?? refused;
      return response;
    },
  };
}

const askThePerson: ReadonlySet<KeeperErrorCode> = new Set(["ended", "suspect", "unknown_grant"] as const);

const withoutSlash = (url: string): string => url.replace(/\/$/, "");

const wireOf = ({ accessToken, expiresInSeconds, scope }: KeptToken): McpTokens => ({
  access_token: accessToken.reveal(),
  token_type: "Bearer",
  ...(expiresInSeconds === undefined ? {} : { expires_in: expiresInSeconds }),
  ...(scope === undefined ? {} : { scope: scope.join(" ") }),
});

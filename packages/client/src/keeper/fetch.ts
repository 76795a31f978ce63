import { platformFetch } from "../edge.ts";
import { KeeperError } from "./errors.ts";
import type { KeptToken, TokenOptions } from "./token.ts";

export type GrantFetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

export type GrantFetchOptions = {
  /** Sends the requests; by default the platform's `fetch`. */
  send?: GrantFetch;
  /** Scopes that the calls need. Where the grant lacks one, rejects with "insufficient_scope" and sends nothing. */
  needs?: readonly string[];
};

const idempotent = /^(?:GET|HEAD|OPTIONS|PUT|DELETE)$/i;

/**
 * Sends with the grant's token (RFC 6750 §2.1). A 401 refreshes the token, once per version, and the request is sent
 * again where that is safe: with an idempotent method or an `Idempotency-Key`, and a body that can be sent twice.
 * Otherwise the 401 is returned; also where another token of this grant would not help (`insufficient_scope`; RFC
 * 9470).
 */
export const grantFetch =
  (
    token: (id: string, options: TokenOptions) => Promise<KeptToken>,
    id: string,
    { send = platformFetch, needs = [] }: GrantFetchOptions = {},
  ): GrantFetch =>
  async (input, init = {}) => {
    const request = input instanceof Request ? input : undefined;
    const signal = init.signal ?? request?.signal;
    const headers = new Headers(init.headers ?? request?.headers);
    const sendWith = ({ accessToken }: KeptToken): Promise<Response> => {
      headers.set("authorization", `Bearer ${accessToken.reveal()}`);
      return send(input, { ...init, headers });
    };

    const first = await token(id, { signal });
    const missing = needs.filter((scope) => first.scope?.includes(scope) === false);
    if (missing.length > 0) throw new KeeperError("insufficient_scope", { id, missing });
    const isStream =
      request?.body ?? (init.body instanceof ReadableStream || Symbol.asyncIterator in Object(init.body));
    const isRepeatable =
      (idempotent.test(init.method ?? request?.method ?? "GET") || headers.has("idempotency-key")) && !isStream;
    const response = await sendWith(first);
    if (response.status !== 401 || /\berror="?insufficient_/.test(response.headers.get("www-authenticate") ?? ""))
      return response;
    const second = await token(id, { signal, rejected: first.accessToken }).catch(() => first);
    if (!isRepeatable || second.accessToken.reveal() === first.accessToken.reveal()) return response;
    await response.body?.cancel();
    return sendWith(second);
  };

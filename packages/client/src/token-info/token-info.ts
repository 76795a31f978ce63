import type { Application, Call, Secret } from "../application.ts";
import { bearerHeader, resolveAccessToken } from "../bearer.ts";
import { errorSource, invalidArgument, misspelt, reveal } from "../check-arguments.ts";
import { endpointUrl, missingEndpoint } from "../endpoint-url.ts";
import { invalidResponse } from "../errors/failures.ts";
import { isObject } from "../errors/provider-reasons.ts";
import { readResponse } from "../errors/read-response.ts";
import type { PreparedRequest } from "../http/prepared-request.ts";
import { send } from "../http/send.ts";
import { ok, type Result } from "../result.ts";
import { parseSeconds, scopeMembers } from "../token/tokens.ts";
import { withoutUndefined } from "../without-undefined.ts";

/** What the provider tells the bearer of a token about it. A member is null if the provider sends null. */
export type TokenInfo = TokenInfoBasics & {
  /** What the token gives access to. */
  resource?: { type?: string; uuid?: string } | null;
  /** Who granted it. */
  resourceOwner?: { type?: string; uuid?: string } | null;
};

/** What a provider tells the bearer of a token, besides whose it is. */
export type TokenInfoBasics = {
  /** As on the wire. */
  scope?: string;
  /** The names in `scope`. */
  scopes?: readonly string[];
  /** Seconds until the token expires. */
  expiresIn?: number;
  /** The whole response. */
  raw: Readonly<Record<string, unknown>>;
};

/** Arguments of `tokenInfo`. */
export type TokenInfoRequest = Call & {
  /** Default: the application's. */
  accessToken?: Secret | undefined;
};

/**
 * Asks the provider what an access token is valid for, authorized by that token. Fails with `access_token_expired`
 * where the provider no longer accepts it.
 */
export async function tokenInfo(
  app: Application,
  request: TokenInfoRequest = {},
  operation = "tokenInfo",
): Promise<Result<TokenInfo>> {
  request = { ...request };
  const missing = misspelt(errorSource(app, operation), request) ?? missingEndpoint(app, "tokenInfo", operation);
  if (missing !== undefined) return missing;
  const resolved = await resolveAccessToken(app, request, operation);
  if (!resolved.ok) return resolved;
  const accessToken = resolved.value;
  const invalid = invalidArgument(errorSource(app, operation), { accessToken });
  if (invalid !== undefined) return invalid;
  const url = endpointUrl(app, "tokenInfo", operation, request);
  if (!url.ok) return url;
  const prepared = prepareTokenInfo(app, operation, url.value, reveal(accessToken!));
  const response = await send(prepared, app, request);
  if (!response.ok) return response;
  const body = readResponse(prepared, response.value, {
    unauthorized: "access_token_expired",
    forbidden: "scope_insufficient",
  });
  if (!body.ok) return body;
  // A body with none of the three, such as one inside an envelope, must not pass for an empty success.
  const scope = scopeMembers(body.value);
  if (scope === undefined || !["scope", "resource", "resource_owner"].some((name) => name in body.value))
    return invalidResponse(prepared, response.value, "scope");
  const { resource, resource_owner, expires_in } = body.value;
  return ok(
    withoutUndefined({
      ...scope,
      resource: parseParty(resource),
      resourceOwner: parseParty(resource_owner),
      expiresIn: parseSeconds(expires_in),
      raw: body.value,
    }),
  );
}

function prepareTokenInfo(app: Application, operation: string, url: string, token: string): PreparedRequest {
  const request = {
    ...errorSource(app, operation),
    url,
    secrets: [token.replace(/^bearer /i, "")],
    repeatable: true,
  };
  const accept = "application/json";
  return app.profile.quirks.tokenInfoBy === "form"
    ? {
        ...request,
        method: "POST",
        headers: { accept, "content-type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams({ access_token: token }).toString(),
      }
    : { ...request, method: "GET", headers: { accept, authorization: bearerHeader(token) } };
}

/** `{type, uuid}`, or null if it is null, or undefined if it is absent. Unknown types are kept. */
function parseParty(value: unknown): { type?: string; uuid?: string } | null | undefined {
  if (!isObject(value)) return value === null ? null : undefined;
  const { type, uuid } = value;
  const text = (member: unknown) => (typeof member === "string" ? member : undefined);
  return withoutUndefined({ type: text(type), uuid: text(uuid) });
}

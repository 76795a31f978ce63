import { decodeBase64 } from "./base64.ts";
import { decodeFormComponent, type Form } from "./form.ts";
import { ok, refuse, type Result } from "./result.ts";
import { Sealed, type AccessToken, type ClientId, type ClientSecret } from "./types.ts";

/** The credentials in a request. Whether they are valid is for the server to check. */
export type PresentedClient =
  | { method: "client_secret_basic"; isInBodyToo?: true; clientId: ClientId; secret: ClientSecret }
  | { method: "client_secret_post"; clientId: ClientId; secret: ClientSecret }
  | { method: "none"; clientId: ClientId };

/**
 * Reads the client's credentials from the Authorization header or the form. Accepts both only if they are equal.
 * @see RFC 6749 §2.3, OAuth 2.1 §2.4
 */
export function readClientAuthentication(authorization: string | undefined, form: Form): Result<PresentedClient> {
  if (form.has("client_assertion") || form.has("client_assertion_type")) return refuse("client_assertion_unsupported");
  const clientId = form.get("client_id");
  const secret = form.get("client_secret");
  if (authorization === undefined) {
    if (clientId === undefined) return refuse("client_authentication_missing");
    if (secret === undefined) return ok({ method: "none", clientId: clientId as ClientId });
    return ok({ method: "client_secret_post", clientId: clientId as ClientId, secret: new Sealed(secret) });
  }
  if (!/^basic(?:\s|$)/i.test(authorization)) return refuse("authorization_scheme_unsupported");
  const basic = parseBasic(authorization);
  if (basic === undefined) return refuse("basic_malformed");
  if (clientId !== undefined && clientId !== basic.clientId) return refuse("client_id_conflict", "client_id");
  if (secret !== undefined && secret !== basic.secret) return refuse("client_authentication_twice");
  if (basic.secret === "") return ok({ method: "none", clientId: basic.clientId });
  return ok({
    method: "client_secret_basic",
    ...(secret === undefined ? {} : { isInBodyToo: true }),
    clientId: basic.clientId,
    secret: new Sealed(basic.secret),
  });
}

/** Decodes strict base64, then form-decodes id and secret. @see RFC 6749 §2.3.1, RFC 7617 §2 */
function parseBasic(authorization: string): { clientId: ClientId; secret: string } | undefined {
  const credentials = /^basic +([A-Za-z0-9+/]{1,4096}={0,2})$/i.exec(authorization)?.[1];
  const text = credentials === undefined ? undefined : decodeBase64(credentials);
  if (text === undefined) return undefined;
  const colon = text.indexOf(":");
  if (colon < 1) return undefined;
  const clientId = decodeFormComponent(text.slice(0, colon));
  const secret = decodeFormComponent(text.slice(colon + 1));
  if (clientId === undefined || secret === undefined) return undefined;
  return { clientId: clientId as ClientId, secret };
}

/** The token of `Authorization: Bearer …`; the scheme's case does not matter. @see RFC 6750 §2.1 */
export function readBearer(authorization: string | undefined): Result<AccessToken> {
  if (authorization === undefined) return refuse("bearer_missing");
  const token = /^bearer +([A-Za-z0-9._~+/-]{1,8192}=*)$/i.exec(authorization)?.[1];
  return token === undefined ? refuse("bearer_malformed") : ok(new Sealed(token));
}

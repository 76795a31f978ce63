import type { ServerConfig } from "../config.ts";
import { grantTypes } from "../token/token.ts";

/** The endpoints that the document names; routes.ts says which path each has. */
export type MetadataKey =
  | "authorization_endpoint"
  | "token_endpoint"
  | "introspection_endpoint"
  | "revocation_endpoint";

/** The metadata document: it lists everything that the server supports, and nothing else. @see RFC 8414 §2 */
export function metadata(
  { issuer, scopes }: ServerConfig,
  endpoints: Readonly<Record<MetadataKey, string>>,
  languages: readonly string[],
) {
  const secretMethods = ["client_secret_basic", "client_secret_post"];
  return {
    issuer,
    ...endpoints,
    scopes_supported: Object.keys(scopes),
    response_types_supported: ["code"],
    response_modes_supported: ["query"],
    grant_types_supported: grantTypes,
    token_endpoint_auth_methods_supported: [...secretMethods, "none"],
    introspection_endpoint_auth_methods_supported: secretMethods,
    revocation_endpoint_auth_methods_supported: [...secretMethods, "none"],
    code_challenge_methods_supported: ["S256"],
    authorization_response_iss_parameter_supported: true,
    ui_locales_supported: languages,
  };
}

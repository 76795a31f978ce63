import type { Provider } from "../../provider/provider.ts";
import { json, type EmulatorResponse, type EmulatorRequest } from "../../wire/message.ts";

/** GET /.well-known/oauth-authorization-server. @see RFC 8414 §2 */
export const metadata = (_ask: EmulatorRequest, { url, profile }: Provider): EmulatorResponse =>
  json(200, {
    issuer: url,
    authorization_endpoint: `${url}/authorize`,
    token_endpoint: `${url}/token`,
    introspection_endpoint: `${url}/introspect`,
    revocation_endpoint: `${url}/revoke`,
    scopes_supported: profile.dialect.scopes,
    response_types_supported: ["code"],
    response_modes_supported: ["query"],
    grant_types_supported: ["authorization_code", "refresh_token", "client_credentials"],
    token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post", "none"],
    introspection_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post"],
    revocation_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post", "none"],
    code_challenge_methods_supported: ["S256"],
    authorization_response_iss_parameter_supported: true,
  });

import { createClient, discover, generic, unwrap, type ClientOptions } from "@symbolon/client";

/**
 * A provider that publishes metadata (RFC 8414). The metadata does not say what happens to a spent refresh token: look
 * it up in the provider's documentation and set `rotation`.
 */
export async function clientFromMetadata(issuer: string, options: ClientOptions) {
  const profile = await unwrap(discover(issuer));
  return createClient({ ...profile, rotation: { kind: "grace", windowSeconds: 30 } }, options);
}

/** A provider without metadata: list the endpoints that you use. */
export const clientFromEndpoints = (base: string, options: ClientOptions) =>
  createClient(generic, {
    issuer: base,
    endpoints: {
      authorization: `${base}/authorize`,
      token: `${base}/token`,
      introspection: `${base}/introspect`,
      revocation: `${base}/revoke`,
    },
    authentication: "client_secret_post",
    ...options,
  });

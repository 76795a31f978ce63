import { createClient, discover, generic, unwrap, type ClientOptions } from "@symbolon/client";

/**
 * A provider that describes itself. What it does with spent refresh tokens is not in its metadata: look it up, and say
 * so.
 */
export async function discovered(issuer: string, options: ClientOptions) {
  const profile = await unwrap(discover(issuer));
  return createClient({ ...profile, rotation: { kind: "grace", windowSeconds: 30 } }, options);
}

/** One that does not: name what you use. */
export const described = (base: string, options: ClientOptions) =>
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

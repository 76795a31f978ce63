import { createClient, generic, type ClientOptions } from "@symbolon/client";

/** One sentence about the client, tested against a provider on loopback at the address `base`. */
export type Case = {
  name: string;
  /** How the provider misbehaves. */
  place?: string;
  run(base: string): Promise<void>;
};

export const secret = "secret-of-the-client";

/** A client of the provider at `base`. */
export const clientOf = (base: string, options: Partial<ClientOptions> = {}) =>
  createClient(
    {
      ...generic,
      name: "loopback",
      issuer: base,
      endpoints: {
        authorization: `${base}/authorize`,
        token: `${base}/token`,
        introspection: `${base}/introspect`,
        revocation: `${base}/revoke`,
        tokenInfo: `${base}/token_info`,
        deviceAuthorization: `${base}/device`,
      },
      rotation: { kind: "replay", windowSeconds: 120 },
    },
    { clientId: "client", clientSecret: secret, ...options },
  );

/** How often the provider got a grant type, or `revoke`. */
export async function countOf(base: string, what: string): Promise<number> {
  const counts = (await (await fetch(`${base}/counts`)).json()) as Record<string, number>;
  return counts[what] ?? 0;
}

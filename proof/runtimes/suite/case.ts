import { createClient, generic, type ClientOptions } from "@symbolon/client";

/** One sentence about the client, tried against a provider on loopback whose base address it gets. */
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

/** How often a grant type was asked for, or `revoke`, as the provider counted. */
export async function countOf(base: string, what: string): Promise<number> {
  const counts = (await (await fetch(`${base}/counts`)).json()) as Record<string, number>;
  return counts[what] ?? 0;
}

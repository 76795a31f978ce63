/** An application as a provider's developer portal would list it. All of it is made up, so the secret is plain text. */
export type Application = {
  clientId: string;
  /** null: a public application, which has none. */
  clientSecret: string | null;
  name: string;
  redirectUris: readonly string[];
  /** What it may ask for; null: anything that the provider has. */
  scope: readonly string[] | null;
  suspended: boolean;
  /** Fitbit: Server, Client or Personal, and whether the default access type is Read & Write. */
  type: "server" | "client" | "personal";
  readWrite: boolean;
  /**
   * Gusto: the portal's "Default API version", which is also the oldest that it may send. null: the latest there is, as
   * new applications have it, and, laxer than Gusto, older ones may be sent too.
   */
  minimumApiVersion: string | null;
};

/** What a test or a file says of an application; everything else has a default. */
export type ApplicationAsk = Partial<Omit<Application, "suspended">>;

export type Person = {
  id: string;
  name: string;
  /** What the person can give access to one at a time, where the provider has that: companies. */
  resources: readonly { id: string; name: string }[];
};

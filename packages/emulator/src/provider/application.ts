/**
 * An application as a provider's developer portal lists it. Its data is made up, so the secret is kept in the clear.
 */
export type Application = {
  clientId: string;
  /** null: a public client. */
  clientSecret: string | null;
  name: string;
  redirectUris: readonly string[];
  /** The scopes that it may request. null: every scope of the provider. */
  scope: readonly string[] | null;
  suspended: boolean;
  /** Fitbit only: the application type, and whether the default access type is Read & Write. */
  type: "server" | "client" | "personal";
  readWrite: boolean;
  /**
   * Gusto only: the portal's "Default API version", also the oldest version that the application may send. null: the
   * latest version is the default and, unlike at Gusto, every older one may be sent too.
   */
  minimumApiVersion: string | null;
};

/** The properties of a new application. Every property is optional. */
export type ApplicationOptions = Partial<Omit<Application, "suspended">>;

export type Person = {
  id: string;
  name: string;
  /** The resources of which a grant covers one, such as companies. Empty if the provider has none. */
  resources: readonly { id: string; name: string }[];
};

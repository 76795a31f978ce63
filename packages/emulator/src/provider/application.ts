/** What is registered of an application. Its data is made up, so the secret is kept in the clear. */
export type ApplicationData = {
  /** Default: derived from the seed. */
  clientId: string;
  /** null: a public client. */
  clientSecret: string | null;
  /** Shown on the consent page. */
  name: string;
  /** The registered redirect URIs. */
  redirectUris: readonly string[];
  /** The scopes that it may request. null: every scope of the provider. */
  scope: readonly string[] | null;
  /** Fitbit only: the application type, and whether the default access type is Read & Write. */
  type: "server" | "client" | "personal";
  /** Fitbit only: whether the default access type is Read & Write. */
  readWrite: boolean;
  /**
   * Gusto only: the portal's "Default API version", also the oldest version that the application may send. null: the
   * latest version is the default and, unlike at Gusto, every older one may be sent too.
   */
  minimumApiVersion: string | null;
};

/** An application as a provider's developer portal lists it. */
export type Application = ApplicationData & {
  /** Whether the provider refuses it until `control.resume`. */
  suspended: boolean;
};

/** The properties of a new application. Every property is optional. */
export type ApplicationOptions = {
  /** Default: derived from the seed. */
  clientId?: string | undefined;
  /** null: a public client. Default: derived from the seed. */
  clientSecret?: string | null | undefined;
  /** Shown on the consent page. */
  name?: string | undefined;
  /** Default: http://127.0.0.1:3000/callback. */
  redirectUris?: readonly string[] | undefined;
  /** The scopes that it may request. null (default): every scope of the provider. */
  scope?: readonly string[] | null | undefined;
  /** Fitbit only: the application type. */
  type?: ApplicationData["type"] | undefined;
  /** Fitbit only: whether the default access type is Read & Write. */
  readWrite?: boolean | undefined;
  /** Gusto only: the portal's "Default API version". */
  minimumApiVersion?: string | null | undefined;
};

export type Person = {
  /** The provider's id. */
  id: string;
  /** Shown on the consent page. */
  name: string;
  /** The resources of which a grant covers one, such as companies. Empty if the provider has none. */
  resources: readonly { id: string; name: string }[];
};

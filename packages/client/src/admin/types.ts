// Made from the OpenAPI document of the management API by `npm run api`.

export type Application = {
  /** Its client_id. */
  id: string;
  /** The name on the consent page. */
  name: string;
  /** Whether it can keep a secret. */
  type: "confidential" | "public";
  /** Where it must send its secret; null: header or body. */
  authMethod: "client_secret_basic" | "client_secret_post" | "none" | null;
  /** Its secrets, newest first, without their values. */
  secrets: readonly {
    /** When it was made, in seconds since 1970. */
    createdAt: number;
  }[];
  /** Compared byte for byte. */
  redirectUris: readonly string[];
  /** The scopes that it may request. */
  scope: readonly string[];
  replay: ReplayPolicy;
  /** The lifetimes that it may request, the default first; empty: as configured. */
  accessTokenLifetimes: readonly number[];
  /** When it was registered, in seconds since 1970. */
  createdAt: number;
  /** null: it is not suspended. */
  suspendedAt: number | null;
};

export type ApplicationList = {
  items: readonly Application[];
  /** The `cursor` of the next part; null at the end. */
  next: string | null;
};

export type Problem = {
  /** The page that explains this kind of problem. */
  type: string;
  /** What is wrong. */
  title: string;
  /** The HTTP status. */
  status: number;
  /** What to do about it. */
  detail: string;
  /** Every part of the request that is refused. */
  errors?: readonly {
    /** The field of the body, as a JSON pointer (RFC 6901). */
    field?: string;
    /** The parameter in the URL. */
    parameter?: string;
    /** The header. */
    header?: string;
    /** What it must be, read after its name. */
    expected: string;
    /** The refused value, shortened; absent for passwords. */
    value?: string;
    /** The values that are accepted. */
    allowed?: readonly string[];
  }[];
};

export type ReplayPolicy = {
  preset: "lazy";
} | {
  preset: "window";
  /** How long a spent refresh token still gets its successor. */
  seconds: number;
} | {
  preset: "strict";
};

/** Every operation: what it is given, and what it answers. */
export type Operations = {
  /** List the applications, oldest first. */
  listApplications: { given: { query?: {
      /** How many to return at most; 50 if absent. */
      limit?: number;
      /** `next` of the answer before. */
      cursor?: string;
    } }; answer: ApplicationList };
  /** Get an application. */
  getApplication: { given: { id: string }; answer: Application };
};

/** Where each operation is. */
export const operations = {
  listApplications: { method: "GET", path: "/admin/v1/applications" },
  getApplication: { method: "GET", path: "/admin/v1/applications/{id}" },
} as const satisfies Record<keyof Operations, { method: string; path: string }>;

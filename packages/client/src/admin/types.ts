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

export type SignIn = {
  application: {
    /** Its client_id. */
    id: string;
    /** Its name. */
    name: string;
  };
  /** The scopes that it asks for. */
  scope: readonly string[];
  /** `login`: the person must sign in again. `select_account`: ask which account. */
  prompt: readonly string[];
  /** null: at any time. */
  maxAge: number | null;
  /** Who the application believes is there; empty if it does not say. Do not trust it. */
  loginHint: string;
  /** The `acr` values that are good enough; empty: any. */
  acrValues: readonly string[];
  /** The languages that it asks for, as BCP 47 tags, the preferred first. */
  uiLocales: readonly string[];
  /** The resource that it asks for, as Type/id; empty if it does not say. Do not trust it. */
  resourceHint: string;
  /** When the sign-in expires, in seconds since 1970. */
  expiresAt: number;
};

export type SignInAnswered = {
  /** Send the browser in which the person signed in there, by a redirect. Show it to no one else. */
  location: string;
};

export type SignInCompletion = {
  /** The `sub` of the person: 1 to 255 visible ASCII characters, never another person's. */
  subject: string;
  /** When the person proved who they are, in seconds since 1970. */
  authTime: number;
  /** How they did, of `acrValues` if the application asks. */
  acr?: string;
  /** How pages call the person. */
  name: string;
  /** What the person may give access to. */
  resources?: readonly {
    /** A word, as Company. */
    type: string;
    /** 1 to 64 visible ASCII characters without a slash. */
    id: string;
    /** How pages call it. */
    label: string;
  }[];
  /** When the person has to sign in again at the latest, in seconds since 1970. */
  sessionUntil?: number;
  /** Absent: the consent page of this server asks. */
  consent?: {
    /** What the person answered on a consent page of yours. */
    decision: "allow" | "deny";
    /** One of `resources`, as Type/id; needed where there are several. */
    resource?: string;
    /** Of what was asked; absent: all of it. */
    scope?: readonly string[];
  };
};

export type SignInRefusal = {
  /** The person went back; cannot sign in; or not as acrValues ask. */
  reason: "access_denied" | "login_required" | "unmet_authentication_requirements";
};

export type SubjectEnded = {
  /** The `sub` of the person. */
  subject: string;
  /** How many grants ended. */
  revokedGrants: number;
  /** How many browsers were signed out. */
  endedSessions: number;
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
  /** Read what a sign-in that was handed off asks. */
  getSignIn: { given: { id: string }; answer: SignIn };
  /** Say who signed in and what they may give; the first answer stands. */
  completeSignIn: { given: { id: string; body: SignInCompletion }; answer: SignInAnswered };
  /** Refuse a sign-in that was handed off; the application gets the code. */
  refuseSignIn: { given: { id: string; body: SignInRefusal }; answer: SignInAnswered };
  /** Sign a person out in every browser; grants go on. */
  endSubjectSessions: { given: { id: string }; answer: SubjectEnded };
  /** Suspend a person: end their sessions and grants, and let them sign in no more. */
  suspendSubject: { given: { id: string }; answer: SubjectEnded };
  /** Let a suspended person sign in again. */
  resumeSubject: { given: { id: string }; answer: SubjectEnded };
  /** End every session and grant of a person. */
  endSubject: { given: { id: string }; answer: SubjectEnded };
};

/** Where each operation is. */
export const operations = {
  listApplications: { method: "GET", path: "/admin/v1/applications" },
  getApplication: { method: "GET", path: "/admin/v1/applications/{id}" },
  getSignIn: { method: "GET", path: "/admin/v1/sign-ins/{id}" },
  completeSignIn: { method: "POST", path: "/admin/v1/sign-ins/{id}/complete" },
  refuseSignIn: { method: "POST", path: "/admin/v1/sign-ins/{id}/refuse" },
  endSubjectSessions: { method: "DELETE", path: "/admin/v1/subjects/{id}/sessions" },
  suspendSubject: { method: "POST", path: "/admin/v1/subjects/{id}/suspend" },
  resumeSubject: { method: "POST", path: "/admin/v1/subjects/{id}/resume" },
  endSubject: { method: "POST", path: "/admin/v1/subjects/{id}/end" },
} as const satisfies Record<keyof Operations, { method: string; path: string }>;

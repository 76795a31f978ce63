/**
 * What the pages show. The server decides *what*; a package that implements `Pages` decides how it looks (apps/portal).
 * Every string of a view may have been chosen by a stranger: pages escape all of them.
 */
export interface Pages {
  signIn(view: SignInView): string;
  consent(view: ConsentView): string;
  problem(view: ProblemView): string;
  reason(view: ReasonView): string;
  home(view: HomeView): string;
  /** Static files by name, served below `{issuer path}/assets/`, cacheable for ever: put a content hash in the name. */
  assets: Readonly<Record<string, Asset>>;
}

export type Asset = { contentType: string; body: string | Uint8Array };

export type FormView = {
  /** Path to post to. */
  action: string;
  /** Hidden fields, sent back as they are. */
  hidden: Readonly<Record<string, string>>;
};

/** Path below which `assets` are served, with a trailing slash. */
type Framed = { assetsPath: string };

export type SignInView = Framed & {
  form: FormView;
  applicationName: string;
  /** From `login_hint`, or what was typed a moment ago. Fields: `email`, `password`. */
  email: string;
  problem?: "wrong_credentials" | "too_many_attempts" | "busy" | "sign_in_again";
  retryAfterSeconds?: number;
};

export type ConsentView = Framed & {
  /** Fields: `decision` = `allow` | `deny` (two submit buttons), `resource` (radio) where there are several. */
  form: FormView;
  applicationName: string;
  /** Where the answer goes, in words a person can judge: a host, "this computer" for loopback, or an app scheme. */
  redirect: { kind: "web"; host: string } | { kind: "loopback" } | { kind: "app"; scheme: string };
  email: string;
  scopes: readonly { name: string; title: string; detail?: string }[];
  /** Empty: nothing to pick. One: shown, not asked. Several: a radio group named `resource`, none chosen beforehand. */
  resources: readonly { value: string; type: string; label: string }[];
  /** Ends of the access, in seconds from now. */
  lasts: { absoluteSeconds: number; idleSeconds: number };
  problem?: "choose_resource";
  /** Path that shows the sign-in page of the same transaction, for another account. */
  switchAccount: FormView;
};

/** A refusal that cannot be sent back to the application, or any other dead end. */
export type ProblemView = Framed & {
  status: number;
  title: string;
  message: string;
  /** The reason's name, for a developer who reads along; links to its page. */
  reason?: { name: string; href: string };
};

/** The page at the issuer itself, for whoever opens it in a browser. */
export type HomeView = Framed & { issuer: string; metadataHref: string };

/** The page behind `error_uri`. */
export type ReasonView = Framed & {
  name: string;
  error: string;
  status: number;
  message: string;
  remedy: string;
  clause: string;
  /** Whether a stranger hears it, or only the log. */
  open: boolean;
  /** On the page of a code: the reasons that it covers. */
  causes?: readonly { name: string; message: string; href: string }[];
};

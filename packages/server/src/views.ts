/**
 * Renders the pages. The server decides what a page shows; an implementation (apps/portal) decides how it looks. Any
 * string of a view may come from an attacker: implementations escape all of them.
 */
export interface Pages {
  signIn(view: SignInView): string;
  signInWays(view: SignInWaysView): string;
  consent(view: ConsentView): string;
  redirect(view: RedirectView): string;
  signOut(view: SignOutView): string;
  problem(view: ProblemView): string;
  reason(view: ReasonView): string;
  home(view: HomeView): string;
  /** BCP 47 tags of the languages that the pages are written in. The first is for people who ask for none of them. */
  languages: readonly string[];
  /** Static files by name, served below `{issuer path}/assets/` and cached forever: put a content hash in the name. */
  assets: Readonly<Record<string, Asset>>;
  /** CSP sources of the inline scripts of the sign-in page, `'sha256-…'`. No other page may run a script. */
  signInScripts: readonly string[];
}

export type Asset = { contentType: string; body: string | Uint8Array };

export type FormView = {
  /** Path to post to. */
  action: string;
  /** Hidden fields, sent back unchanged. */
  hidden: Readonly<Record<string, string>>;
};

export type PageView = {
  /** Path below which `assets` are served, with a trailing slash. */
  assetsPath: string;
  /** The one of `Pages.languages` to write the page in. */
  language: string;
};

export type SignInView = PageView & {
  form: FormView;
  applicationName: string;
  /** From `login_hint`, or what the user has just typed. Fields: `email`, `password`. */
  email: string;
  /**
   * `expired`: the page was open for too long. `form_outdated`: sign-in was opened a second time in this browser.
   * `no_cookie`: the browser sent no cookie back. In all three the password was not checked, or not yet typed.
   */
  problem?:
    | "wrong_credentials"
    | "too_many_attempts"
    | "busy"
    | "sign_in_again"
    | "expired"
    | "form_outdated"
    | "no_cookie";
  retryAfterSeconds?: number;
  /** Form that goes back to the application with `access_denied` (RFC 6749 §4.1.2.1). */
  cancel: FormView;
};

/** Leads to where the person signs in: a choice where there are several, or the way on after an interruption. */
export type SignInWaysView = PageView & {
  /** Fields: `way`, one submit button for each. */
  form: FormView;
  applicationName: string;
  /** `name`: the value of `way`. `label`: a name that people know, or a host. */
  ways: readonly { name: string; label: string }[];
  /**
   * `not_completed`: the person came back without having signed in. `used`: the sign-in was used before. `expired`: it
   * took too long. `form_outdated` and `no_cookie` as on the sign-in page. `not_reached`: where people sign in does not
   * answer. `failed`: it answered what cannot be accepted. `not_allowed`: it does not let this person in here.
   */
  problem?:
    | "not_completed"
    | "used"
    | "expired"
    | "form_outdated"
    | "no_cookie"
    | "not_reached"
    | "failed"
    | "not_allowed";
  /** Form that goes back to the application with `access_denied` (RFC 6749 §4.1.2.1). */
  cancel: FormView;
};

/** What the developer of an application says about it. Only `name` is certain to be there, and nothing is verified. */
export type ApplicationView = {
  name: string;
  /** Who makes it. */
  publisher?: string;
  /** An https address. */
  homePage?: string;
  /** Path on this server: a picture of another host would tell that host who is about to decide. */
  logo?: string;
  /** https addresses: what it does with data, and its terms of use. */
  policy?: string;
  terms?: string;
};

export type ConsentView = PageView & {
  /** Fields: `decision` = `allow` | `deny` (two submit buttons), `resource` (radio) if there are several. */
  form: FormView;
  application: ApplicationView;
  /** Where the browser is sent afterwards: a host, "this computer" for loopback, or an app by its URI scheme. */
  redirect: { kind: "web"; host: string } | { kind: "loopback" } | { kind: "app"; scheme: string };
  email: string;
  scopes: readonly { name: string; title: string; detail?: string; access: "read" | "change" }[];
  /**
   * Empty: nothing to choose. One: shown, not asked. Several: a radio group named `resource`. `kind`: what the provider
   * calls the type. `isChosen`: what the user had chosen when the page is shown again; at first what `resource_hint`
   * names, or none.
   */
  resources: readonly { value: string; type: string; kind?: string; label: string; isChosen?: boolean }[];
  /** When the access ends, in seconds from now. */
  lasts: { absoluteSeconds: number; idleSeconds: number };
  /**
   * `expired`: the page was open for too long. `form_outdated`: the user signed in again, perhaps with another account,
   * after the page was opened. In both, nothing was allowed.
   */
  problem?: "choose_resource" | "expired" | "form_outdated" | undefined;
  /** Form that signs out and shows the sign-in page of the same authorization request. */
  switchAccount: FormView;
  signOutHref: string;
};

/** The page that ends the session of this browser. `email`: who is signed in; absent: no user. */
export type SignOutView = PageView & { email?: string; form: FormView };

/** A page that goes on to `location` by itself, and has a link for when the browser does not. */
export type RedirectView = PageView & {
  /** With a code or an error in it. */
  location: string;
  /** `here`: the next page of this server. */
  to: ConsentView["redirect"] | { kind: "here" };
};

/**
 * What a refusal means for the person in front of the page, who does not know OAuth. The pages have the words: what
 * happened, and what the person can do.
 */
export type Situation =
  | "mistake"
  | "access_ended"
  | "not_allowed"
  | "not_identified"
  | "fault"
  | "busy"
  | "sign_in_needed"
  | "denied"
  | "application_unknown"
  | "address_unknown"
  | "address_missing"
  | "page_outdated"
  | "no_application"
  | "other_site"
  | "no_page"
  | "not_for_people"
  | "other_host"
  | "application_too_fast"
  | "too_many_attempts"
  | "sign_in_busy"
  | "no_data"
  | "other_browser"
  | "suspended";

/** A refusal that cannot be sent back to the application. */
export type ProblemView = PageView & {
  situation: Situation;
  status: number;
  /** For developers, in English: name of the reason, path of its page, what is wrong, what to change ("": not said). */
  reason: { name: string; href: string; message: string; remedy: string };
  /** With it the operator finds the refusal in the log. */
  requestId: string;
};

/** The page at the issuer's own URL. */
export type HomeView = PageView & { issuer: string; metadataHref: string; signOutHref: string };

/** The page behind `error_uri`: `situation` is for a person who lands there, the rest for developers, in English. */
export type ReasonView = PageView & {
  situation: Situation;
  name: string;
  error: string;
  status: number;
  message: string;
  remedy: string;
  clause: string;
  /** Whether the client receives the reason, or only the log. */
  open: boolean;
  /** On the page of an error code: the reasons that it covers. */
  causes?: readonly { name: string; message: string; href: string }[];
};

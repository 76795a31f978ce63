import type {
  ConsentView,
  Pages,
  ProblemView,
  ReasonView,
  RedirectView,
  SignInView,
  SignInWaysView,
} from "@symbolon/server";
import { pages } from "../src/index.ts";

/**
 * The pages as the server fills them, without a server, for the tests of this folder. proof/browser reaches each state
 * of a real server by real requests, for screenshots too.
 */
const frame = { assetsPath: "/assets/", language: "en" };
const form = {
  action: "/authorize/decision",
  hidden: { transaction: "c29tZS10cmFuc2FjdGlvbg", csrf: "Zml0cyB0aGUgc2Vzc2lvbg" },
};

export const signInView: SignInView = {
  ...frame,
  form,
  applicationName: "Fernleaf Payroll",
  email: "",
  cancel: { action: form.action, hidden: { ...form.hidden, decision: "deny" } },
};

export const waysView: SignInWaysView = {
  ...frame,
  form,
  applicationName: "Fernleaf Payroll",
  ways: [
    { name: "acme", label: "Acme Staff" },
    { name: "partners", label: "Acme Partners" },
  ],
  cancel: { action: form.action, hidden: { ...form.hidden, decision: "deny" } },
};

export const consentView: ConsentView = {
  ...frame,
  form,
  application: { name: "Fernleaf Payroll" },
  redirect: { kind: "web", host: "app.fernleaf.example" },
  email: "ada@lovelace.example",
  scopes: [
    {
      name: "employees:read",
      title: "See your employees",
      detail: "Names, job titles, start dates and work addresses.",
      access: "read",
    },
    {
      name: "payrolls:write",
      title: "Prepare and change payrolls",
      detail: "You still approve each run before money moves.",
      access: "change",
    },
    { name: "companies:read", title: "See your company's profile", access: "read" },
  ],
  resources: [{ value: "Company/8f2c", type: "Company", label: "Lovelace Instruments Ltd" }],
  lasts: { absoluteSeconds: 180 * 86_400, idleSeconds: 30 * 86_400 },
  switchAccount: { action: "/authorize/sign-in", hidden: { transaction: "c29tZS10cmFuc2FjdGlvbg" } },
  signOutHref: "/oauth/sign-out",
};

/** With all that a developer can say about an application. */
export const fullApplication: ConsentView["application"] = {
  name: "Fernleaf Payroll",
  publisher: "Fernleaf Software GmbH",
  homePage: "https://www.fernleaf.example/payroll",
  policy: "https://www.fernleaf.example/privacy",
  terms: "https://www.fernleaf.example/terms",
};

export const several: ConsentView["resources"] = [
  { value: "Company/8f2c", type: "Company", label: "Lovelace Instruments Ltd" },
  { value: "Company/11d0", type: "Company", label: "Analytical Engines & Sons" },
  { value: "Practice/90aa", type: "AccountingPractice", label: "Byron Bookkeeping" },
];

export const redirectView: RedirectView = {
  ...frame,
  location: "com.fernleaf.payroll:/back?code=sym_ac_AAAA&state=x",
  to: { kind: "app", scheme: "com.fernleaf.payroll" },
};

export const problemView: ProblemView = {
  ...frame,
  status: 400,
  situation: "address_unknown",
  reason: {
    name: "redirect_uri_unregistered",
    href: "/errors/redirect_uri_unregistered",
    message: "The redirect_uri is not one that the application registered.",
    remedy: "Register this exact string, byte for byte, or send the registered one.",
  },
  requestId: "q3vO8mZcYJ0aTn1x",
};

export const reasonView: ReasonView = {
  ...frame,
  situation: "access_ended",
  name: "refresh_token_reuse",
  error: "invalid_grant",
  status: 400,
  message: "A refresh token was used again after its successor; the grant is now revoked.",
  remedy: "Keep the newest refresh token of each grant, and send one refresh request at a time.",
  clause: "RFC 9700 §4.14.2",
  open: false,
};

/** Every state of every page, in one language. */
export const everyState = (pages: Pages, language: string): Readonly<Record<string, string>> => {
  const signIn = { ...signInView, language };
  const ways = { ...waysView, language };
  const consent = { ...consentView, language };
  const reason = { ...reasonView, language };
  const plain = { ...frame, language };
  return {
    "sign-in": pages.signIn(signIn),
    "sign-in-wrong": pages.signIn({ ...signIn, email: "ada@lovelace.example", problem: "wrong_credentials" }),
    "sign-in-too-many": pages.signIn({
      ...signIn,
      email: "ada@lovelace.example",
      problem: "too_many_attempts",
      retryAfterSeconds: 840,
    }),
    "sign-in-busy": pages.signIn({ ...signIn, problem: "busy", retryAfterSeconds: 20 }),
    "sign-in-again": pages.signIn({ ...signIn, email: "ada@lovelace.example", problem: "sign_in_again" }),
    "sign-in-expired": pages.signIn({ ...signIn, problem: "expired" }),
    "sign-in-two-pages": pages.signIn({ ...signIn, email: "ada@lovelace.example", problem: "form_outdated" }),
    "sign-in-no-cookie": pages.signIn({ ...signIn, problem: "no_cookie" }),
    ways: pages.signInWays(ways),
    "ways-not-completed": pages.signInWays({
      ...ways,
      ways: [{ name: "", label: "login.example.com" }],
      problem: "not_completed",
    }),
    "ways-not-reached": pages.signInWays({ ...ways, problem: "not_reached" }),
    "ways-not-allowed": pages.signInWays({ ...ways, problem: "not_allowed" }),
    consent: pages.consent(consent),
    "consent-expired": pages.consent({ ...consent, resources: several, problem: "expired" }),
    "consent-other-account": pages.consent({
      ...consent,
      resources: several.map((resource, at) => ({ ...resource, isChosen: at === 1 })),
      problem: "form_outdated",
    }),
    "consent-no-resource": pages.consent({
      ...consent,
      resources: [],
      scopes: consent.scopes.slice(0, 1),
      redirect: { kind: "loopback" },
    }),
    "consent-several": pages.consent({
      ...consent,
      resources: several,
      redirect: { kind: "app", scheme: "com.fernleaf.payroll" },
    }),
    "consent-of-a-publisher": pages.consent({ ...consent, application: fullApplication }),
    "consent-choose": pages.consent({ ...consent, resources: several, problem: "choose_resource" }),
    "redirect-app": pages.redirect({ ...redirectView, language }),
    problem: pages.problem({ ...problemView, language }),
    "sign-out": pages.signOut({ ...plain, form, email: "ada@lovelace.example" }),
    "signed-out": pages.signOut({ ...plain, form }),
    home: pages.home({
      ...plain,
      issuer: "https://id.example.com",
      metadataHref: "/.well-known/oauth-authorization-server",
      signOutHref: "/oauth/sign-out",
    }),
    reason: pages.reason(reason),
    code: pages.reason({
      ...reason,
      name: "invalid_grant",
      message: "The code or token is invalid, expired, revoked, or belongs to another client.",
      remedy: "The operator of this server finds the exact reason in the log. It is one of these.",
      clause: "RFC 6749 §5.2",
      open: true,
      causes: [
        {
          name: "code_expired",
          message: "The authorization code has expired.",
          href: "/errors/code_expired",
        },
        {
          name: "verifier_wrong",
          message: "The code_verifier does not match the code_challenge.",
          href: "/errors/verifier_wrong",
        },
        {
          name: "refresh_token_reuse",
          message: "A refresh token was used again after its successor; the grant is now revoked.",
          href: "/errors/refresh_token_reuse",
        },
      ],
    }),
  };
};

export const states = everyState(pages, "en");

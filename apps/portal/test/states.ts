import type { ConsentView, ProblemView, ReasonView, RedirectView, SignInView } from "@symbolon/server";
import { pages } from "../src/index.ts";

/**
 * The pages as the server fills them, without a server, for the tests of this folder. proof/browser reaches each state
 * of a real server by real requests, for screenshots too.
 */
const assetsPath = "/assets/";
const form = {
  action: "/authorize/decision",
  hidden: { transaction: "c29tZS10cmFuc2FjdGlvbg", csrf: "Zml0cyB0aGUgc2Vzc2lvbg" },
};

export const signInView: SignInView = {
  assetsPath,
  form,
  applicationName: "Fernleaf Payroll",
  email: "",
  cancel: { action: form.action, hidden: { ...form.hidden, decision: "deny" } },
};

export const consentView: ConsentView = {
  assetsPath,
  form,
  applicationName: "Fernleaf Payroll",
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

export const several: ConsentView["resources"] = [
  { value: "Company/8f2c", type: "Company", label: "Lovelace Instruments Ltd" },
  { value: "Company/11d0", type: "Company", label: "Analytical Engines & Sons" },
  { value: "Practice/90aa", type: "AccountingPractice", label: "Byron Bookkeeping" },
];

export const redirectView: RedirectView = {
  assetsPath,
  location: "com.fernleaf.payroll:/back?code=sym_ac_AAAA&state=x",
  to: { kind: "app", scheme: "com.fernleaf.payroll" },
};

export const problemView: ProblemView = {
  assetsPath,
  status: 400,
  title: "We cannot send you back to the application",
  message:
    "The application asked us to send you to an address that is not registered as its own. We did not, because that address could belong to another party. Nothing was shared.",
  action: "Go back to the application and try again. If it happens again, tell the people who make the application.",
  reason: {
    name: "redirect_uri_unregistered",
    href: "/errors/redirect_uri_unregistered",
    message: "The redirect_uri is not one that the application registered.",
    remedy: "Register this exact string, byte for byte, or send the registered one.",
  },
  requestId: "q3vO8mZcYJ0aTn1x",
};

export const reasonView: ReasonView = {
  assetsPath,
  person: {
    title: "The application has no access any more",
    message: "Its access to your account has ended, or was never given.",
    action: "Open the application and connect your account again.",
  },
  name: "refresh_token_reuse",
  error: "invalid_grant",
  status: 400,
  message: "A refresh token was used again after its successor; the grant is now revoked.",
  remedy: "Keep the newest refresh token of each grant, and send one refresh request at a time.",
  clause: "RFC 9700 §4.14.2",
  open: false,
};

export const states: Readonly<Record<string, string>> = {
  "sign-in": pages.signIn(signInView),
  "sign-in-wrong": pages.signIn({ ...signInView, email: "ada@lovelace.example", problem: "wrong_credentials" }),
  "sign-in-too-many": pages.signIn({
    ...signInView,
    email: "ada@lovelace.example",
    problem: "too_many_attempts",
    retryAfterSeconds: 840,
  }),
  "sign-in-busy": pages.signIn({ ...signInView, problem: "busy", retryAfterSeconds: 20 }),
  "sign-in-again": pages.signIn({ ...signInView, email: "ada@lovelace.example", problem: "sign_in_again" }),
  "sign-in-expired": pages.signIn({ ...signInView, problem: "expired" }),
  "sign-in-two-pages": pages.signIn({ ...signInView, email: "ada@lovelace.example", problem: "form_outdated" }),
  "sign-in-no-cookie": pages.signIn({ ...signInView, problem: "no_cookie" }),
  consent: pages.consent(consentView),
  "consent-expired": pages.consent({ ...consentView, resources: several, problem: "expired" }),
  "consent-other-account": pages.consent({
    ...consentView,
    resources: several.map((resource, at) => ({ ...resource, isChosen: at === 1 })),
    problem: "form_outdated",
  }),
  "consent-no-resource": pages.consent({
    ...consentView,
    resources: [],
    scopes: consentView.scopes.slice(0, 1),
    redirect: { kind: "loopback" },
  }),
  "consent-several": pages.consent({
    ...consentView,
    resources: several,
    redirect: { kind: "app", scheme: "com.fernleaf.payroll" },
  }),
  "consent-choose": pages.consent({ ...consentView, resources: several, problem: "choose_resource" }),
  "redirect-app": pages.redirect(redirectView),
  problem: pages.problem(problemView),
  "sign-out": pages.signOut({ assetsPath, form, email: "ada@lovelace.example" }),
  "signed-out": pages.signOut({ assetsPath, form }),
  home: pages.home({
    assetsPath,
    issuer: "https://id.example.com",
    metadataHref: "/.well-known/oauth-authorization-server",
    signOutHref: "/oauth/sign-out",
  }),
  reason: pages.reason(reasonView),
  code: pages.reason({
    ...reasonView,
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

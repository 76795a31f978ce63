import type { ConsentView, ProblemView, ReasonView, RedirectView, SignInView } from "@symbolon/server";
import { pages } from "../src/index.ts";

/** Every state of every page, for tests and screenshots. */
const assetsPath = "/assets/";
const form = {
  action: "/authorize/decision",
  hidden: { transaction: "c29tZS10cmFuc2FjdGlvbg", csrf: "Zml0cyB0aGUgc2Vzc2lvbg" },
};

export const signInView: SignInView = { assetsPath, form, applicationName: "Fernleaf Payroll", email: "" };

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
    },
    {
      name: "payrolls:write",
      title: "Prepare and change payrolls",
      detail: "It cannot pay anybody: you approve each run.",
    },
    { name: "companies:read", title: "See your company's profile" },
  ],
  resources: [{ value: "Company/8f2c", type: "Company", label: "Lovelace Instruments Ltd" }],
  lasts: { absoluteSeconds: 180 * 86_400, idleSeconds: 30 * 86_400 },
  switchAccount: { action: "/authorize/sign-in", hidden: { transaction: "c29tZS10cmFuc2FjdGlvbg" } },
};

export const several: ConsentView["resources"] = [
  { value: "Company/8f2c", type: "Company", label: "Lovelace Instruments Ltd" },
  { value: "Company/11d0", type: "Company", label: "Analytical Engines & Sons" },
  { value: "Practice/90aa", type: "Accounting practice", label: "Byron Bookkeeping" },
];

export const redirectView: RedirectView = {
  assetsPath,
  location: "com.fernleaf.payroll:/back?code=sym_ac_AAAA&state=x",
  to: { kind: "app", scheme: "com.fernleaf.payroll" },
};

export const problemView: ProblemView = {
  assetsPath,
  status: 400,
  title: "This link does not work",
  message:
    "The application sent you here with an address that it never registered, so we will not send you on to it. Nothing was shared. Go back and try again, or tell the people who make the application.",
  reason: { name: "redirect_uri_unregistered", href: "/reasons/redirect_uri_unregistered" },
};

export const reasonView: ReasonView = {
  assetsPath,
  name: "refresh_token_reused",
  error: "invalid_grant",
  status: 400,
  message: "The refresh token was already used, and its successor was seen in use.",
  remedy:
    "Keep only the newest refresh token, written before the answer is used. The grant is revoked: ask the person to connect again.",
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
  consent: pages.consent(consentView),
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
  "problem-plain": pages.problem({
    assetsPath,
    status: 404,
    title: "There is nothing here",
    message: "Check the address, or go back to the application you came from.",
  }),
  home: pages.home({
    assetsPath,
    issuer: "https://id.example.com",
    metadataHref: "/.well-known/oauth-authorization-server",
  }),
  reason: pages.reason(reasonView),
  code: pages.reason({
    ...reasonView,
    name: "invalid_grant",
    message: "The code or the refresh token is not good any more, or never was.",
    remedy: "Find the cause below; the server's log names it.",
    clause: "RFC 6749 §5.2",
    open: true,
    causes: [
      {
        name: "code_expired",
        message: "The authorization code is older than its sixty seconds.",
        href: "/reasons/code_expired",
      },
      {
        name: "code_verifier_mismatch",
        message: "The code_verifier does not fit the code_challenge.",
        href: "/reasons/code_verifier_mismatch",
      },
      {
        name: "refresh_token_reused",
        message: "The refresh token was already used, and its successor was seen in use.",
        href: "/reasons/refresh_token_reused",
      },
    ],
  }),
};

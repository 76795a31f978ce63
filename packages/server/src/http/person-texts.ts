import { explainReason, oauthErrors, type OAuthError, type Reason } from "@symbolon/protocol";
import type { PersonText } from "../views.ts";

/**
 * The words of a page for the person in front of it, who wanted to connect an application: never a parameter, a command
 * or a code. A closed reason has the words of its code, so that the page does not reveal it.
 */
export function personTextOf(name: Reason | OAuthError): PersonText {
  if (Object.hasOwn(oauthErrors, name)) return ofCode[name as OAuthError];
  const { open, error } = explainReason(name as Reason);
  return (open ? ofReason[name as Reason] : undefined) ?? ofCode[error];
}

const tellItsMakers =
  "Go back to the application and try again. If it happens again, tell the people who make the application.";
const startAgain = "Go back to the application and start again.";
const reload = "Wait a few seconds, then load the page again.";
const connectAgain =
  "Open the application and connect your account again. If that does not help, tell the people who make the application.";

const mistake: PersonText = {
  title: "The application made a mistake",
  message: "It sent a request that this server cannot accept. Nothing was shared.",
  action: tellItsMakers,
};
const accessEnded: PersonText = {
  title: "The application has no access any more",
  message: "Its access to your account has ended, or was never given.",
  action: connectAgain,
};
const notAllowed: PersonText = {
  title: "The application may not ask for this",
  message: "It asked for more than it is registered for. Nothing was shared.",
  action: tellItsMakers,
};
const identity: PersonText = {
  title: "The application could not prove who it is",
  message: "This server answers an application only if it proves who it is. Nothing was shared.",
  action: tellItsMakers,
};
const fault: PersonText = {
  title: "Something went wrong on this server",
  message: "This is not your fault, and not that of the application.",
  action: "Try again in a minute. If it happens again, tell the people who run this server.",
};
const busy: PersonText = {
  title: "This server is busy",
  message: "Too many requests came at once, and yours was not answered.",
  action: reload,
};
const signInNeeded: PersonText = {
  title: "You need to sign in",
  message:
    "The application asked for access without a page, and that works only after you have signed in and allowed it.",
  action: "Go back to the application and connect your account there.",
};

/** The words of an error code, and of every reason of that code that has none of its own. */
const ofCode: Readonly<Record<OAuthError, PersonText>> = {
  invalid_request: mistake,
  invalid_client: identity,
  invalid_grant: accessEnded,
  unauthorized_client: notAllowed,
  unsupported_grant_type: mistake,
  invalid_scope: notAllowed,
  invalid_target: notAllowed,
  access_denied: {
    title: "Access was denied",
    message: "The application was told, and nothing was shared.",
    action: "If you change your mind, go back to the application and connect your account there.",
  },
  unsupported_response_type: mistake,
  request_not_supported: mistake,
  request_uri_not_supported: mistake,
  login_required: signInNeeded,
  consent_required: signInNeeded,
  invalid_token: accessEnded,
  insufficient_scope: notAllowed,
  temporarily_unavailable: busy,
  server_error: fault,
};

const ofReason: Partial<Record<Reason, PersonText>> = {
  client_unknown_at_authorize: {
    title: "This server does not know the application",
    message: "The application that sent you here is not registered, or not any more. Nothing was shared with it.",
    action: tellItsMakers,
  },
  redirect_uri_unregistered: {
    title: "We cannot send you back to the application",
    message:
      "The application asked us to send you to an address that is not registered as its own. We did not, because that address could belong to another party. Nothing was shared.",
    action: tellItsMakers,
  },
  redirect_uri_missing: {
    title: "We cannot send you back to the application",
    message: "The application did not say where to send you after you have answered. Nothing was shared.",
    action: tellItsMakers,
  },
  transaction_unknown: {
    title: "This page does not work any more",
    message: "Its address is incomplete, or it is from before a change of this site. Nothing was shared.",
    action: startAgain,
  },
  sign_in_without_request: {
    title: "Sign-in starts in the application",
    message: "This page alone does not know which application you want to connect.",
    action: "Go back to the application and connect your account there.",
  },
  cross_site_form: {
    title: "This form came from another site",
    message:
      "The form that was sent is not from a page of this server. Another site may have tried to act in your name, so nothing was done.",
    action: `If you were connecting an application, close this page. ${startAgain}`,
  },
  page_unknown: {
    title: "There is no page here",
    message: "The address may have a typing error, or be out of date.",
    action: "Check the address, or go back to the application that you came from.",
  },
  method_not_allowed: {
    title: "There is no page here",
    message: "Only applications use this address.",
    action: "Go back to the application that you came from.",
  },
  host_unknown: {
    title: "This is not the address of this server",
    message: "Your browser reached this server under a name that does not belong to it.",
    action: "Check the address. If you followed a link, tell the people whose link it is.",
  },
  client_too_fast: {
    title: "The application asks too often",
    message: "This server stopped answering the application for a short time.",
    action: "Wait a minute, then try again in the application.",
  },
  account_too_fast: {
    title: "Too many attempts to sign in",
    message: "To protect the account, sign-in is stopped for a while.",
    action: "Wait a few minutes, then try again.",
  },
  sign_in_busy: {
    title: "Many people are signing in right now",
    message: "Your password was not checked.",
    action: "Wait a few seconds, then try again.",
  },
  store_unavailable: {
    title: "Something is not working right now",
    message: "This server could not read or write its data, so your last step may not have been saved.",
    action: `${reload} That is safe: nothing happens twice.`,
  },
};

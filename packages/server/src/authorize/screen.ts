import type {
  BrowserCookie,
  ClientId,
  DeviceCookie,
  Form,
  Reason,
  Refusal,
  SealedTransaction,
  SessionCookie,
} from "@symbolon/protocol";
import type { ScopeDescription } from "../config.ts";
import type { Deps } from "../deps.ts";
import type { ConsentView, PageView, SignInView, SignInWaysView } from "../views.ts";
import { refusalLocation } from "./redirect.ts";
import type { RequestRefusal } from "./request.ts";

/** What an authorization step needs from a browser's request. */
export type BrowserRequest = {
  form: Form;
  cookies: { session: SessionCookie | undefined; browser: BrowserCookie | undefined; device: DeviceCookie | undefined };
  /** Whether the headers say that the form came from a page of this server. */
  isSameOrigin: boolean;
  network: string;
  /** The address of this server to which a browser comes back that signs in elsewhere. */
  signInReturn: string;
};

/** What a step answers. http/ turns it into a page or a redirect, and knows the paths. */
export type Screen = { cookies?: CookieChanges } & (
  | { show: "problem"; reason: Reason; parameter?: string }
  | { show: "redirect"; location: string }
  /** Redirects to the consent page, which shows what the transaction needs next. */
  | { show: "next"; transaction: SealedTransaction }
  | (FormScreen & { show: "sign-in"; view: Omit<SignInView, keyof PageView | "form" | "cancel"> })
  | (FormScreen & { show: "sign-in-ways"; view: Omit<SignInWaysView, keyof PageView | "form" | "cancel"> })
  | (FormScreen & { show: "consent"; view: ConsentData })
  /** Asks before it ends the session of `email`, or says that no user is signed in. */
  | { show: "sign-out"; email: string | undefined; csrf: string }
  /** Redirects to the sign-out page. */
  | { show: "signed-out" }
);

/** A consent page before its language is known. */
export type ConsentData = Omit<ConsentView, keyof PageView | "form" | "scopes" | "switchAccount" | "signOutHref"> & {
  scopes: readonly (ScopeDescription & { name: string; access: "read" | "change" })[];
};

type FormScreen = { status: number; hidden: HiddenFields };

/** Fields that the form carries back. */
export type HiddenFields = { transaction: SealedTransaction; csrf: string };

/** `undefined`: unchanged; `null`: removed. */
export type CookieChanges = { session?: SessionCookie | null; browser?: BrowserCookie; device?: DeviceCookie };

/** Sends a refusal to the application if its redirect URI is known to be good, else shows a page. */
export function refusalScreen(refusal: RequestRefusal, { config, emit }: Pick<Deps, "config" | "emit">): Screen {
  const { reason, parameter, backTo, client } = refusal;
  emitRefusal(refusal, client, emit);
  if (backTo !== undefined) return { show: "redirect", location: refusalLocation(backTo, refusal, config) };
  return { show: "problem", reason, ...(parameter === undefined ? {} : { parameter }) };
}

export function emitRefusal({ reason, parameter }: Refusal, client: ClientId | undefined, emit: Deps["emit"]): void {
  emit({
    name: "authorize.refused",
    reason,
    ...(client === undefined ? {} : { client }),
    ...(parameter === undefined ? {} : { parameter }),
  });
}

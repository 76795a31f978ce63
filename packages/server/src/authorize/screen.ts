import type { ClientId, Form, Reason, Refusal } from "@symbolon/protocol";
import type { Deps } from "../deps.ts";
import type { ConsentView, SignInView } from "../views.ts";
import { refusalLocation } from "./redirect.ts";
import type { RequestRefusal } from "./request.ts";

/** What an authorization step needs to know of a browser's request. */
export type BrowserRequest = {
  form: Form;
  cookies: { session: string | undefined; browser: string | undefined };
  /** Whether the headers say that the form came from our own page. */
  isSameOrigin: boolean;
  network: string;
};

/** What a step answers. http/ turns it into a page or a redirect, and knows the paths. */
export type Screen = { cookies?: CookieChanges } & (
  | { show: "problem"; reason: Reason; parameter?: string }
  | { show: "redirect"; location: string }
  /** Redirects to the consent page, which shows what the transaction needs next. */
  | { show: "next"; transaction: string }
  | (FormScreen & { show: "sign-in"; view: Omit<SignInView, "assetsPath" | "form"> })
  | (FormScreen & { show: "consent"; view: Omit<ConsentView, "assetsPath" | "form" | "switchAccount"> })
);

/** `redirectUri`: where the answer to the form may lead. */
type FormScreen = { status: number; redirectUri: string; hidden: HiddenFields };

/** Fields that the form carries back. */
type HiddenFields = { transaction: string; csrf: string };

/** undefined: as it is; null: remove. */
export type CookieChanges = { session?: string | null; browser?: string };

/** A refusal goes to the application once its redirect URI is known to be good, else to a page of ours. */
export function refusalScreen(refusal: RequestRefusal, deps: Deps): Screen {
  const { reason, parameter, backTo, client } = refusal;
  emitRefusal(refusal, client, deps);
  if (backTo !== undefined) return { show: "redirect", location: refusalLocation(backTo, refusal, deps.config) };
  return { show: "problem", reason, ...(parameter === undefined ? {} : { parameter }) };
}

export function emitRefusal({ reason, parameter }: Refusal, client: ClientId | undefined, deps: Deps): void {
  deps.emit({
    name: "authorize.refused",
    reason,
    ...(client === undefined ? {} : { client }),
    ...(parameter === undefined ? {} : { parameter }),
  });
}

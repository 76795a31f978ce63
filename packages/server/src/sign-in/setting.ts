import type { ClientId, EpochSeconds, Scope } from "@symbolon/protocol";
import type { Prompt } from "../authorize/prompt.ts";

/** How people sign in: configuration `signIn`. Absent: with built-in accounts. */
export type SignInSetting = { kind: "accounts" } | HandOffSetting;

/**
 * People sign in on a page of the provider's own, at `url`, which gets the id of the sign-in as `?sign_in=`. The
 * provider's server answers over the management API.
 */
export type HandOffSetting = { kind: "handOff"; url: string };

/** What an application asks, for the one who signs the person in. */
export type SignInQuestion = {
  application: { id: ClientId; name: string };
  scope: Scope;
  /** `login`: the person must sign in again. `select_account`: must be asked which account. */
  prompt: readonly Prompt[];
  /** How many seconds ago the person may have signed in at most; null: at any time. */
  maxAgeSeconds: number | null;
  /** Who the application believes is there; "" if it does not say. Anyone can have written it. */
  loginHint: string;
  /** The `acr` values that are good enough; empty: any. */
  acrValues: readonly string[];
  /** The languages that the application asks for, as BCP 47 tags, the preferred first. */
  uiLocales: readonly string[];
  /** The resource that the application asks for, as `Type/id`; "" if it does not say. Unchecked. */
  resourceHint: string;
};

/** Who a person is, and what they may give. */
export type SignInCompletion = {
  /** The `sub` of the tokens: 1 to 255 visible ASCII characters, and never another person's. */
  subject: string;
  /** When the person proved who they are. */
  authTime: EpochSeconds;
  acr?: string | undefined;
  /** How pages call the person. */
  name: string;
  resources?: readonly CompletionResource[] | undefined;
  /** When the person has to sign in again at the latest. */
  sessionUntil?: EpochSeconds | undefined;
  /** Absent: the consent page of this server asks. */
  consent?: CompletionConsent | undefined;
};

/** `id`: 1 to 64 visible ASCII characters without a slash. `type`: a word, as `Company`. */
export type CompletionResource = { type: string; id: string; label: string };

/** What the person answered on a consent page of the provider's own. `scope`: of what was asked; absent: all of it. */
export type CompletionConsent =
  | { decision: "allow"; resource?: string | undefined; scope?: readonly string[] | undefined }
  | { decision: "deny" };

import { de } from "./de.ts";
import { en } from "./en.ts";
import { makeLanguage, type Language } from "./language.ts";
import type { Messages } from "./messages.ts";

/** The languages that come with the pages, by their BCP 47 tag. */
export const builtIn: Readonly<Record<string, Messages>> = { en, de };

/** The languages of the pages by tag, the default first. */
export type Languages = ReadonlyMap<string, Language>;

export const standardLanguages: Languages = new Map(
  Object.entries(builtIn).map(([tag, messages]) => [tag, makeLanguage(tag, messages)]),
);

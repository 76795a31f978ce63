import { de } from "./de.ts";
import { en } from "./en.ts";
import { makeLanguage, type Language } from "./language.ts";
import type { Messages } from "./messages.ts";

/** The languages that come with the pages, by their BCP 47 tag. */
export const builtIn: Readonly<Record<string, Messages>> = { en, de };

/** The languages of the pages by tag, the default first. */
export type Languages = ReadonlyMap<string, Language>;

/**
 * The languages that come with the pages, and those of the provider. A message that the provider's file lacks is that
 * of the pages in the same language, else the English one. `standard` is for people who ask for no language that the
 * pages have.
 */
export function makeLanguages(added: Readonly<Record<string, Partial<Messages>>> = {}, standard = "en"): Languages {
  const tags = new Set([standard, ...Object.keys(builtIn), ...Object.keys(added)]);
  return new Map([...tags].map((tag) => [tag, makeLanguage(tag, { ...builtIn[tag], ...added[tag] })]));
}

export const standardLanguages: Languages = makeLanguages();

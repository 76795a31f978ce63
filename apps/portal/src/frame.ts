import type { PageView } from "@symbolon/server";
import type { Look } from "./branding/look.ts";
import type { Language } from "./languages/language.ts";
import type { Languages } from "./languages/languages.ts";

/** What a page has in common with the other pages of its server. */
export type Frame = { assetsPath: string; language: Language; look: Look };

/** The frame of a view. A language that the pages do not have is shown in the default language. */
export function frameOf({ assetsPath, language }: PageView, languages: Languages, look: Look): Frame {
  const [standard] = languages.values();
  return { assetsPath, language: languages.get(language) ?? standard!, look };
}

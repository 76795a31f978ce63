import type { LocalText } from "../config.ts";
import { lookUpLanguage } from "./lookup.ts";

/** The text in this language, else in English, else in the first one that it has. */
export function localText(text: LocalText, language: string): string {
  if (typeof text === "string") return text;
  const tags = Object.keys(text);
  return text[lookUpLanguage([language, "en"], tags) ?? tags[0] ?? ""] ?? "";
}

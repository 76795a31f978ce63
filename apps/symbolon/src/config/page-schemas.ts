import { z } from "zod";
import { describeContrast, isColor } from "@symbolon/portal";
import { pathOf, text } from "./text-schema.ts";

/** The keys that say what the pages look like, and in which languages they are. */

const controls = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u;
const isLine = (value: string, limit: number): boolean =>
  value.trim() !== "" && value.length <= limit && !controls.test(value);
const line = (limit: number) => text(`must be a line of 1 to ${limit} characters`, (value) => isLine(value, limit));
const path = pathOf("file");

/** The usual spelling, in which tags are compared. @see RFC 5646 §2.1.1 */
const tag = text("is not a language tag in its usual spelling, such as fr or pt-BR (BCP 47)", (value) => {
  try {
    return Intl.getCanonicalLocales(value)[0] === value;
  } catch {
    return false;
  }
});

/** A text of the provider: a line, or a line for each language. */
export function localLine(limit: number) {
  const error = `must be a line of 1 to ${limit} characters, or one for each language: { en: "…", de: "…" }`;
  const lines = z.record(tag, line(limit)).refine((texts) => Object.keys(texts).length > 0, error);
  return z.union([line(limit), lines], { error });
}

const accentOn = (scheme: "light" | "dark") =>
  text("must be a colour such as #0b6b63", isColor).superRefine((color, context) => {
    const problem = isColor(color) ? describeContrast(color, scheme) : undefined;
    if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
  });
const accentSchema = z.strictObject(
  { light: accentOn("light"), dark: accentOn("dark") },
  { error: "must be an object with a colour for light and one for dark pages" },
);

const brandingSchema = z.strictObject(
  {
    name: line(60),
    accent: accentSchema.optional(),
    logo: path.optional(),
    favicon: path.optional(),
    support: text("must be an https:// or mailto: address", isSupport).optional(),
  },
  { error: "must be an object with a name" },
);

function isSupport(value: string): boolean {
  return value.length <= 2048 && /^(?:https:\/\/|mailto:)[\x21-\x7e]+$/.test(value) && URL.canParse(value);
}

export const pageSchemas = {
  branding: brandingSchema,
  language: tag,
  languages: z.record(tag, path, { error: "must be an object of language tags, each with the path of a file" }),
  resourceTypes: z.record(
    text("is not the type of a resource", (name) => /^[A-Za-z][\w-]{0,39}$/.test(name)),
    localLine(40),
    {
      error: "must be an object of types of resources, each with its words",
    },
  ),
};

export const keysOfBranding = Object.keys(brandingSchema.shape);

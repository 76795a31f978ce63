import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import {
  builtInLanguages,
  checkMessages,
  makeLanguages,
  makePages,
  messageNames,
  readImage,
  type Image,
} from "@symbolon/portal";
import { suggestion } from "../command/did-you-mean.ts";
import { messageOf, UsageError } from "../command/failure.ts";
import type { Settings } from "./settings.ts";

type PageSettings = Pick<Settings, "branding" | "language" | "languages" | "pageFiles">;
type Pages = ReturnType<typeof makePages>;

/** Of images and languages; each kind has a smaller limit of its own. */
const longestFile = 1024 * 1024;

/**
 * Makes the pages from the files that the configuration names. `incomplete` is told which messages a language lacks.
 * Throws a UsageError with all that is wrong with the files, each under its key.
 */
export function readPages(
  { branding, language, languages, pageFiles }: PageSettings,
  incomplete: (language: string, missing: readonly string[]) => void,
): Pages {
  const problems: string[] = [];
  const read = (key: string, path: string): Buffer | undefined => {
    try {
      const file = resolve(pageFiles, path);
      if (statSync(file).size <= longestFile) return readFileSync(file);
      problems.push(`${key} ${path} has more than ${longestFile} bytes`);
    } catch (error) {
      problems.push(`${key} ${path} cannot be read: ${messageOf(error)}`);
    }
    return undefined;
  };
  const image = (key: "logo" | "favicon"): Image | undefined => {
    const path = branding?.[key];
    const body = path === undefined ? undefined : read(`branding.${key}`, path);
    const image = body === undefined ? undefined : readImage(body);
    if (image?.ok === false) problems.push(`branding.${key} ${path} ${image.message}`);
    return image?.ok ? image.image : undefined;
  };

  const added = Object.fromEntries(
    Object.entries(languages).map(([tag, path]) => {
      const key = `languages.${tag}`;
      const body = read(key, path);
      if (body === undefined) return [tag, {}];
      const checked = checkMessages(parseJson(body));
      if (!checked.ok) {
        problems.push(...checked.problems.map(({ name, message }) => `${key} ${path}: ${describe(name, message)}`));
        return [tag, {}];
      }
      if (checked.missing.length > 0 && !builtInLanguages.includes(tag)) incomplete(tag, checked.missing);
      return [tag, checked.messages];
    }),
  );
  const known = [...builtInLanguages, ...Object.keys(languages)];
  if (!known.includes(language)) problems.push(`language must be one of ${known.join(", ")}, not ${language}`);
  const [logo, favicon] = [image("logo"), image("favicon")];
  if (problems.length > 0)
    throw new UsageError([...new Set(problems)].join("\n"), "docs/pages.md describes these keys and files.");
  return makePages({
    branding: branding === undefined ? undefined : { ...branding, logo, favicon },
    languages: makeLanguages(added, language),
  });
}

/** `undefined`, which is no object of messages, for what is no JSON. */
function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}

const describe = (name: string, message: string): string =>
  name === ""
    ? `${message}, as JSON`
    : `${name.slice(0, 80)} ${message}${message.startsWith("is not the name") ? suggestion(name, messageNames) : ""}`;

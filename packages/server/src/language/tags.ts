/** RFC 5646 §4.4.1: 35 characters hold every tag that is in use. */
const longestTag = 35;
/** Of a longer list, the first ones count. A browser names fewer than ten. */
const mostTags = 16;

/** Whether the text has the form of a language tag or a basic language range. @see RFC 5646 §2.1, RFC 4647 §2.1 */
export const isLanguageTag = (text: string): boolean =>
  text.length <= longestTag && /^[a-z]{1,8}(?:-[a-z0-9]{1,8})*$/i.test(text);

/**
 * The languages in `ui_locales`, the preferred first. What is no tag is ignored: a bad hint is no reason to refuse.
 * @see OpenID Connect Core §3.1.2.1
 */
export const parseUiLocales = (text: string): readonly string[] =>
  text
    .slice(0, mostTags * (longestTag + 1))
    .split(" ")
    .filter(isLanguageTag)
    .slice(0, mostTags);

/**
 * The languages in an Accept-Language header, the preferred first. Leaves out `*`, what is malformed, and what has the
 * quality 0.
 * @see RFC 9110 §12.5.4
 */
export function parseAcceptLanguage(header: string): readonly string[] {
  return header
    .slice(0, mostTags * (longestTag + 10))
    .split(",")
    .slice(0, mostTags)
    .flatMap((member) => {
      const [, tag = "", quality = "1"] = /^\s*([^\s;]+)\s*(?:;\s*q=([01](?:\.\d{0,3})?)\s*)?$/i.exec(member) ?? [];
      return isLanguageTag(tag) && Number(quality) > 0 ? [{ tag, quality: Number(quality) }] : [];
    })
    .toSorted((one, other) => other.quality - one.quality)
    .map(({ tag }) => tag);
}

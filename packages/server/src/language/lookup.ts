/**
 * The best of the `offered` languages for the `wanted` ones, or `undefined`: the first wanted language that is offered,
 * exactly or after leaving out its last parts: `de` for `de-AT`.
 * @see RFC 4647 §3.4
 */
export function lookUpLanguage(wanted: readonly string[], offered: readonly string[]): string | undefined {
  const byName = new Map(offered.map((tag) => [tag.toLowerCase(), tag]));
  for (const tag of wanted) {
    for (let range = tag.toLowerCase(); range !== ""; range = shorter(range)) {
      const found = byName.get(range);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** Without the last part, nor a single letter before it, which only introduces what followed. */
const shorter = (range: string): string => range.replace(/(?:-[a-z0-9])?-[a-z0-9]+$|^[^-]+$/, "");

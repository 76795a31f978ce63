const longestName = 64;

/**
 * The cookies of a request by name. If a name comes twice, the first value counts: it has the longer path. Cookies with
 * names of more than 64 characters are left out.
 * @see RFC 6265 §5.4
 */
export function readCookies(header: string | undefined): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>();
  for (const pair of header?.split(";") ?? []) {
    const equals = pair.indexOf("=");
    const name = pair.slice(0, equals).trim();
    if (equals > 0 && name.length <= longestName && !cookies.has(name))
      cookies.set(name, pair.slice(equals + 1).trim());
  }
  return cookies;
}

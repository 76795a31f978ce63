import { ok, refuse, type Result } from "./result.ts";

const maximumResources = 8;

/** Whether the text is an absolute URI without a fragment. @see RFC 8707 §2 */
export const isResourceIndicator = (text: string): boolean =>
  text.length <= 2048 &&
  /^[A-Za-z][A-Za-z0-9+.-]*:[\x21\x23-\x3b\x3d\x3f-\x5b\x5d\x5f\x61-\x7a\x7e]+$/.test(text) &&
  !text.includes("#");

/**
 * Maps each requested resource to its registered spelling; sorted, without duplicates. Ignores two differences that
 * clients produce (standards.md §7): upper case in scheme and host, and one slash at the end.
 */
export function resolveResources(asked: readonly string[], registered: readonly string[]): Result<readonly string[]> {
  if (asked.length > maximumResources || !asked.every(isResourceIndicator))
    return refuse("resource_malformed", "resource");
  const resolved = new Set<string>();
  for (const resource of asked) {
    const match =
      registered.find((known) => known === resource) ?? registered.find((known) => fold(known) === fold(resource));
    if (match === undefined) return refuse("resource_unknown", "resource");
    resolved.add(match);
  }
  return ok([...resolved].sort());
}

function fold(uri: string): string {
  const [origin] = /^[A-Za-z][A-Za-z0-9+.-]*:(?:\/\/[^/?]*)?/.exec(uri) ?? [""];
  return origin.toLowerCase() + uri.slice(origin.length).replace(/^([^?]*)\/$/, "$1");
}

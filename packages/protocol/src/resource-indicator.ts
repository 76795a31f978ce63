import { ok, refuse, type Result } from "./result.ts";

const maximumResources = 8;

/** Whether the text is an absolute URI without a fragment. @see RFC 8707 §2 */
export const isResourceIndicator = (text: string): boolean =>
  text.length <= 2048 &&
  /^[A-Za-z][A-Za-z0-9+.-]*:[\x21\x23-\x3b\x3d\x3f-\x5b\x5d\x5f\x61-\x7a\x7e]+$/.test(text) &&
  !text.includes("#");

/**
 * The registered spelling of each resource asked for, sorted, each once. Clients write the scheme and host in upper
 * case or add a slash (standards.md §7), so those two differences are overlooked; nothing else is.
 */
export function resolveResources(asked: readonly string[], registered: readonly string[]): Result<readonly string[]> {
  if (asked.length > maximumResources || !asked.every(isResourceIndicator))
    return refuse("resource_malformed", "resource");
  const resolved = new Set<string>();
  for (const resource of asked) {
    const ours =
      registered.find((known) => known === resource) ?? registered.find((known) => fold(known) === fold(resource));
    if (ours === undefined) return refuse("resource_unknown", "resource");
    resolved.add(ours);
  }
  return ok([...resolved].sort());
}

function fold(uri: string): string {
  const [origin] = /^[A-Za-z][A-Za-z0-9+.-]*:(?:\/\/[^/?]*)?/.exec(uri) ?? [""];
  return origin.toLowerCase() + uri.slice(origin.length).replace(/^([^?]*)\/$/, "$1");
}

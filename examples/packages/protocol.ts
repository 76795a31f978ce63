import { covers, parseScope } from "@symbolon/protocol";

/** Whether a granted scope covers the requested one; undefined if either is malformed (RFC 6749 §3.3). */
export function isCovered(granted: string, requested: string): boolean | undefined {
  const [one, other] = [parseScope(granted), parseScope(requested)];
  return one.ok && other.ok ? covers(one.value, other.value) : undefined;
}

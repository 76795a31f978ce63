import type { TokenKind } from "@symbolon/protocol";
import type { Deps } from "../deps.ts";
import type { PresentedToken } from "../keyring/keyring.ts";
import { callerId, type Caller } from "./caller.ts";

const kinds: readonly TokenKind[] = ["access", "refresh", "code"];

/**
 * Counts the tokens that this server did not issue against the caller, and returns the seconds that the caller must
 * wait because it sent too many (IN-05). They are counted per caller, not per network: it is the caller's own clients
 * that send it forged tokens. A token that this server issued is not counted, not even an inactive one.
 */
export function countForged(
  tokens: readonly PresentedToken[],
  caller: Caller,
  { keyring, limiter }: Pick<Deps, "keyring" | "limiter">,
): number {
  const forged = tokens.filter((token) => kinds.every((kind) => keyring.read(kind, token) === undefined));
  return forged.reduce((wait) => Math.max(wait, limiter.take("forged_tokens", callerId(caller))), 0);
}

import type { TokenKind } from "@symbolon/protocol";
import type { Deps } from "../deps.ts";
import type { Caller } from "./caller.ts";

const kinds: readonly TokenKind[] = ["access", "refresh", "code"];

/**
 * Counts the tokens that we never made against whoever asks about them, and answers the seconds to wait where they are
 * a scan (IN-05). Counted per caller, never per network, for it is the caller's own clients who send it rubbish; a
 * token that we did make is none of this, however dead, so nobody can spend what its caller needs for honest questions.
 */
export function waitAfterForged(tokens: readonly string[], caller: Caller, deps: Deps): number {
  const forged = tokens.filter((token) => kinds.every((kind) => deps.keyring.read(kind, token) === undefined));
  return forged.reduce((wait) => Math.max(wait, deps.limiter.take("forged_tokens", idOf(caller))), 0);
}

export const idOf = (caller: Caller): string =>
  "application" in caller ? caller.application.id : caller.resourceServer.id;

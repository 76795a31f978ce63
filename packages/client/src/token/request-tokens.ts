import type { Application, Call } from "../application.ts";
import { ask, type Ask, type CallCredentials, type Reply } from "../ask.ts";
import type { Result } from "../result.ts";
import { readTokens, type Tokens } from "./tokens.ts";

/** The tokens, and the answer that they came with. */
export type Granted = Reply & { tokens: Tokens };

/** Asks the token endpoint and reads the tokens. @see RFC 6749 §5 */
export const requestTokens = async (app: Application, what: Ask, call: Call & CallCredentials): Promise<Result<Granted>> => grantedBy(app, await ask(app, what, call));

/** The tokens in a reply. */
export function grantedBy({ profile }: Application, reply: Result<Reply>): Result<Granted> {
  const tokens = reply.ok ? readTokens(reply.value, profile.quirks) : reply;
  return reply.ok && tokens.ok ? { ok: true, value: { ...reply.value, tokens: tokens.value } } : (tokens as Extract<typeof tokens, { ok: false }>);
}

/** The tokens alone. */
export const tokensOf = (granted: Result<Granted>): Result<Tokens> => (granted.ok ? { ok: true, value: granted.value.tokens } : granted);

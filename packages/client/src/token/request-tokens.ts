import type { Application, Call } from "../application.ts";
import { ask, type Ask, type CallCredentials, type Reply } from "../ask.ts";
import { mapped, type Result } from "../result.ts";
import { readTokens, type Tokens } from "./tokens.ts";

/** The tokens, and the answer that they came with. */
export type Granted = Reply & { tokens: Tokens };

/** Asks the token endpoint and reads the tokens. @see RFC 6749 §5 */
export const requestTokens = async (
  app: Application,
  what: Ask,
  call: Call & CallCredentials,
): Promise<Result<Granted>> => grantedBy(app, await ask(app, what, call));

/** The tokens in a reply. */
export const grantedBy = ({ profile }: Application, reply: Result<Reply>): Result<Granted> =>
  reply.ok ? mapped(readTokens(reply.value, profile.quirks), (tokens) => ({ ...reply.value, tokens })) : reply;

/** The tokens alone. */
export const tokensOf = (granted: Result<Granted>): Result<Tokens> => mapped(granted, ({ tokens }) => tokens);

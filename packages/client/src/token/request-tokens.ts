import type { Application, Call } from "../application.ts";
import { callEndpoint, type CallCredentials, type EndpointRequest, type Reply } from "../call-endpoint.ts";
import { mapResult, type Result } from "../result.ts";
import { readTokens, type Tokens } from "./tokens.ts";

/** The tokens, and the response that they came in. */
export type TokenReply = Reply & { tokens: Tokens };

/** Calls the token endpoint and reads the tokens. @see RFC 6749 §5 */
export const requestTokens = async (
  app: Application,
  asked: EndpointRequest,
  call: Call & CallCredentials,
): Promise<Result<TokenReply>> => readTokenReply(app, await callEndpoint(app, asked, call));

/** Reads the tokens in a reply; a failure is returned unchanged. */
export const readTokenReply = ({ profile }: Application, reply: Result<Reply>): Result<TokenReply> =>
  reply.ok ? mapResult(readTokens(reply.value, profile.quirks), (tokens) => ({ ...reply.value, tokens })) : reply;

/** The tokens without the response. */
export const tokensIn = (reply: Result<TokenReply>): Result<Tokens> => mapResult(reply, ({ tokens }) => tokens);

import type { RefreshResult } from "../provider/refresh.ts";
import type { IssuedPair, Provider } from "../provider/provider.ts";
import type { EmulatorResponse, EmulatorRequest } from "../wire/message.ts";

const headers = { "content-type": "application/json;charset=utf-8", "cache-control": "no-store", pragma: "no-cache" };

/**
 * 200 with the tokens of a pair in the dialect's format. Keeps the body, for providers that repeat an answer byte for
 * byte.
 */
export function tokenAnswer(
  provider: Provider,
  { grant, pair }: IssuedPair,
  request: EmulatorRequest,
  keptRefreshToken = false,
): EmulatorResponse {
  pair.body = JSON.stringify(
    provider.profile.dialect.tokenBody({ grant, pair }, provider, { keptRefreshToken, request }),
  );
  return { status: 200, headers, body: pair.body };
}

/** The answer to a successful refresh. */
export function refreshAnswer(
  provider: Provider,
  turn: RefreshResult & { kind: "fresh" | "repeated" },
  request: EmulatorRequest,
): EmulatorResponse {
  if (turn.kind === "fresh") return tokenAnswer(provider, turn, request, turn.keptRefreshToken);
  return provider.profile.rotation.kind === "replay"
    ? { status: 200, headers, body: turn.pair.body }
    : tokenAnswer(provider, turn, request);
}

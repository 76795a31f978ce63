import { Failure } from "../command/failure.ts";
import { introspect, requestToken, type DemoContext } from "./context.ts";
import { expectActive, expectStatus, shownTokens, tokensOf, type Tokens } from "./expectations.ts";

const refresh = (context: DemoContext, refreshToken: string) =>
  requestToken(context, { grant_type: "refresh_token", refresh_token: refreshToken });

/** Rotation, a lost response, and reuse of a refresh token that was rotated twice. */
export async function refreshAndReuse(first: Tokens, context: DemoContext): Promise<void> {
  const second = await refreshWithLostResponse(first, context);
  const third = await refreshOnceMore(second, context);
  await reuse(first, third, context);
}

async function refreshWithLostResponse(first: Tokens, context: DemoContext): Promise<Tokens> {
  const { report } = context;
  const second = tokensOf(await refresh(context, first.refresh), "The refresh was refused");
  report({
    name: "refresh",
    request: "POST /oauth/token",
    title: "Refresh",
    says: "The server issues a new pair. Assume that the response is lost.",
    shown: shownTokens(second),
  });
  const again = tokensOf(
    await refresh(context, first.refresh),
    "The old refresh token was refused although its response could have been lost",
  );
  if (again.refresh !== second.refresh)
    throw new Failure("The old refresh token returned another successor. It must return the same one.");
  report({
    name: "refresh again",
    request: "POST /oauth/token",
    title: "Refresh again with the OLD token",
    says: "The server returns the same successor: a bad connection signs no user out.",
    shown: { refresh_token: again.refresh, same: true },
  });
  return again;
}

async function refreshOnceMore(second: Tokens, context: DemoContext): Promise<Tokens> {
  const { client, endpoints, report } = context;
  expectStatus(await client.get(endpoints.tokenInfo, second.access), 200, "The new access token was refused");
  report({
    name: "use",
    request: "GET /oauth/token_info",
    title: "Use the new access token",
    says: "The server now knows that the response has arrived.",
    shown: { access_token: second.access },
  });
  const third = tokensOf(await refresh(context, second.refresh), "The next refresh was refused");
  report({
    name: "refresh once more",
    request: "POST /oauth/token",
    title: "Refresh once more",
    says: "The third generation. The first refresh token is two generations old.",
    shown: shownTokens(third),
  });
  return third;
}

async function reuse(first: Tokens, newest: Tokens, context: DemoContext): Promise<void> {
  const { report } = context;
  const { error } = expectStatus(
    await refresh(context, first.refresh),
    400,
    "The reused refresh token was not refused",
  );
  if (error !== "invalid_grant") throw new Failure(`Reuse must be answered invalid_grant, not ${String(error)}.`);
  report({
    name: "reuse caught",
    request: "POST /oauth/token",
    title: "A thief presents the first refresh token",
    says: "The client does not use it any more. The server refuses it and revokes the whole grant.",
    shown: { error },
  });
  expectActive(await introspect(context, newest.access), false, "The newest access token of the revoked grant");
  report({
    name: "introspect revoked",
    request: "POST /oauth/introspect",
    title: "Every token of the grant has ended",
    says: "The newest access token is inactive, too.",
    shown: { active: false },
  });
}

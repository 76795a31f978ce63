import { Failure } from "../command/failure.ts";
import { allow, asksToSignIn, newAttempt, readCode } from "./authorization.ts";
import { introspect, requestToken, type DemoContext } from "./context.ts";
import { expectActive, expectStatus, shownTokens, tokensOf, type Tokens } from "./expectations.ts";

/** A second grant without a password, and its revocation by the application. */
export async function obtainAndRevokeSecondGrant(context: DemoContext): Promise<void> {
  await revoke(await authorizeAgain(context), context);
}

async function authorizeAgain(context: DemoContext): Promise<Tokens> {
  const { endpoints, demo, browser, random, report } = context;
  const attempt = newAttempt(endpoints, demo, random);
  const page = await browser.open(attempt.url);
  if (asksToSignIn(page)) throw new Failure("The session has ended: the sign-in page came again.");
  const code = readCode(page.at === "application" ? page : await allow(page, browser), attempt, endpoints);
  report({
    name: "authorize again",
    request: "GET /oauth/authorize, POST /oauth/consent",
    title: "The user allows access again",
    says: "The session still exists, so no password is needed.",
    shown: { code },
  });
  const answer = await requestToken(context, {
    grant_type: "authorization_code",
    code,
    code_verifier: attempt.verifier,
    redirect_uri: attempt.redirectUri,
  });
  const tokens = tokensOf(answer, "The second code was not redeemed");
  report({
    name: "redeem again",
    request: "POST /oauth/token",
    title: "A new grant with new tokens",
    says: "The old grant stays revoked.",
    shown: shownTokens(tokens),
  });
  expectActive(await introspect(context, tokens.access), true, "The access token of the second grant");
  return tokens;
}

async function revoke(tokens: Tokens, context: DemoContext): Promise<void> {
  const { client, endpoints, report } = context;
  const answer = await client.post(endpoints.revocation, { token: tokens.refresh });
  expectStatus(answer, 200, "The revocation was refused");
  report({
    name: "revoke",
    request: "POST /oauth/revoke",
    title: "The application revokes its refresh token",
    says: "This ends the grant (RFC 7009).",
    shown: { refresh_token: tokens.refresh },
  });
  expectActive(await introspect(context, tokens.access), false, "The access token of the revoked grant");
  report({
    name: "inactive",
    request: "POST /oauth/introspect",
    title: "No token is left",
    says: "The response is active: false, without a reason.",
    shown: { active: false },
  });
}

import { allow, newAttempt, readCode, signIn } from "./authorization.ts";
import { introspect, requestToken, type DemoContext } from "./context.ts";
import { expectActive, expectStatus, shownTokens, tokensOf, type Tokens } from "./expectations.ts";

/** Sign-in, consent, code, tokens, introspection and token info. */
export async function obtainFirstGrant(context: DemoContext): Promise<Tokens> {
  const tokens = await authorize(context);
  await inspect(tokens, context);
  return tokens;
}

async function authorize(context: DemoContext): Promise<Tokens> {
  const { endpoints, demo, browser, random, report } = context;
  const attempt = newAttempt(endpoints, demo, random);
  const consentPage = await signIn(await browser.open(attempt.url), demo, browser);
  report({
    name: "sign in",
    request: "GET /oauth/authorize, POST /oauth/sign-in",
    title: "The user signs in",
    says: "The application has sent the browser here. It never sees the password.",
    shown: { email: demo.email },
  });
  const code = readCode(await allow(consentPage, browser), attempt, endpoints);
  report({
    name: "consent",
    request: "POST /oauth/consent",
    title: "The user allows access",
    says: "The user chose one of two companies. The browser returns with a code that is valid for a minute.",
    shown: { code, state: "as sent", iss: endpoints.issuer },
  });
  const answer = await requestToken(context, {
    grant_type: "authorization_code",
    code,
    code_verifier: attempt.verifier,
    redirect_uri: attempt.redirectUri,
  });
  const tokens = tokensOf(answer, "The code was not redeemed");
  report({
    name: "redeem",
    request: "POST /oauth/token",
    title: "The application redeems the code for tokens",
    says: "This works once, and only with the PKCE verifier.",
    shown: shownTokens(tokens),
  });
  return tokens;
}

async function inspect(tokens: Tokens, context: DemoContext): Promise<void> {
  const { client, endpoints, report } = context;
  const active = expectActive(await introspect(context, tokens.access), true, "The new access token");
  report({
    name: "introspect",
    request: "POST /oauth/introspect",
    title: "A resource server checks the token",
    says: "The token is active, for this user and this scope.",
    shown: { active: true, username: active["username"], scope: active["scope"], sub: active["sub"] },
  });
  const info = expectStatus(await client.get(endpoints.tokenInfo, tokens.access), 200, "Token info was refused");
  report({
    name: "token info",
    request: "GET /oauth/token_info",
    title: "The application reads what its token allows",
    says: "The chosen company is the resource.",
    shown: { resource: info["resource"], expires_in: info["expires_in"] },
  });
}

import { Failure } from "../command/failure.ts";
import { systemRandom } from "../edge/random.ts";
import { allow, asksToSignIn, newAttempt, readCode, signIn } from "./authorization.ts";
import { newBrowser } from "./browser.ts";
import { askForDemo, discover, newClient, type Answer } from "./client.ts";
import type { Tell } from "./telling.ts";

/** The whole life of a token, told step by step. Throws a Failure at the first step that does not behave. */
export async function walk(url: string, tell: Tell): Promise<void> {
  const endpoints = await discover(url);
  const demo = await askForDemo(url);
  tell(
    "prepare",
    "POST /development/demo",
    "A throw-away application and account",
    "The development server makes them for this walk.",
    { client_id: demo.client_id, email: demo.email },
  );

  const browser = newBrowser(endpoints.issuer);
  const client = newClient(demo);
  const token = (form: Record<string, string>): Promise<Answer> => client.post(endpoints.token, form);
  const refresh = (refreshToken: string): Promise<Answer> =>
    token({ grant_type: "refresh_token", refresh_token: refreshToken });
  const introspect = (accessToken: string): Promise<Answer> =>
    client.post(endpoints.introspection, { token: accessToken });

  const first = newAttempt(endpoints, demo, systemRandom);
  const consent = await signIn(await browser.open(first.url), demo, browser);
  tell(
    "sign in",
    "GET /oauth/authorize, POST /oauth/sign-in",
    "The person signs in",
    "The application sent the browser here; the password never reaches the application.",
    { email: demo.email },
  );
  const code = readCode(await allow(consent, browser), first, endpoints);
  tell(
    "consent",
    "POST /oauth/consent",
    "The person says Allow",
    "Two companies to choose from, one picked. The browser goes back with a code that lives for a minute.",
    { code, state: "as sent", iss: endpoints.issuer },
  );

  const one = tokensOf(
    await token({
      grant_type: "authorization_code",
      code,
      code_verifier: first.verifier,
      redirect_uri: first.redirectUri,
    }),
    "The code was not redeemed",
  );
  tell(
    "redeem",
    "POST /oauth/token",
    "The code becomes tokens",
    "Only together with the PKCE verifier, and only once.",
    shown(one),
  );
  const active = expectActive(await introspect(one.access), true, "The new access token");
  tell(
    "introspect",
    "POST /oauth/introspect",
    "A resource server may ask: is it good?",
    "Yes, for this person and this scope.",
    { active: true, username: active["username"], scope: active["scope"], sub: active["sub"] },
  );
  const info = expectStatus(await client.get(endpoints.tokenInfo, one.access), 200, "Token info was refused");
  tell(
    "token info",
    "GET /oauth/token_info",
    "The bearer may ask what it holds",
    "The company that was picked is the resource.",
    { resource: info["resource"], expires_in: info["expires_in"] },
  );

  const two = tokensOf(await refresh(one.refresh), "The refresh was refused");
  tell("refresh", "POST /oauth/token", "Refresh", "A new pair. Suppose the answer gets lost on its way.", shown(two));
  const again = tokensOf(
    await refresh(one.refresh),
    "The old refresh token was refused although its answer could have been lost",
  );
  if (again.refresh !== two.refresh)
    throw new Failure("The old refresh token brought another successor; it must be the very same one.");
  tell(
    "refresh again",
    "POST /oauth/token",
    "Refresh again with the OLD token",
    "The same successor comes back: nobody is signed out by a bad connection.",
    { refresh_token: again.refresh, same: true },
  );
  expectStatus(await client.get(endpoints.tokenInfo, again.access), 200, "The new access token was refused");
  tell(
    "use",
    "GET /oauth/token_info",
    "Use the new access token",
    "Now the server knows that the answer has arrived.",
    { access_token: again.access },
  );
  const three = tokensOf(await refresh(again.refresh), "The next refresh was refused");
  tell(
    "refresh once more",
    "POST /oauth/token",
    "Refresh once more",
    "The third generation; the first refresh token is long spent.",
    shown(three),
  );

  const reuse = expectStatus(await refresh(one.refresh), 400, "The spent refresh token was not refused");
  if (reuse["error"] !== "invalid_grant")
    throw new Failure(`Reuse must be invalid_grant, not ${String(reuse["error"])}.`);
  tell(
    "reuse caught",
    "POST /oauth/token",
    "Somebody presents the spent token",
    "Nobody honest still has it in use: refused, and the whole grant is revoked.",
    { error: reuse["error"] },
  );
  expectActive(await introspect(three.access), false, "The newest access token of the revoked grant");
  tell(
    "introspect revoked",
    "POST /oauth/introspect",
    "The thief has nothing, and neither has anybody else",
    "The newest access token has died with the grant.",
    { active: false },
  );

  const second = newAttempt(endpoints, demo, systemRandom);
  const page = await browser.open(second.url);
  if (asksToSignIn(page)) throw new Failure("The session was forgotten: the sign-in page came again.");
  const secondCode = readCode(page.at === "application" ? page : await allow(page, browser), second, endpoints);
  tell(
    "authorize again",
    "GET /oauth/authorize, POST /oauth/consent",
    "The person allows it again",
    "The session is still there, so no password this time.",
    { code: secondCode },
  );
  const four = tokensOf(
    await token({
      grant_type: "authorization_code",
      code: secondCode,
      code_verifier: second.verifier,
      redirect_uri: second.redirectUri,
    }),
    "The second code was not redeemed",
  );
  tell(
    "redeem again",
    "POST /oauth/token",
    "A new grant, new tokens",
    "Nothing of the old grant comes back.",
    shown(four),
  );
  expectActive(await introspect(four.access), true, "The access token of the second grant");

  expectStatus(await client.post(endpoints.revocation, { token: four.refresh }), 200, "The revocation was refused");
  tell(
    "revoke",
    "POST /oauth/revoke",
    "The application signs off",
    "Revoking the refresh token ends the grant (RFC 7009).",
    { refresh_token: four.refresh },
  );
  expectActive(await introspect(four.access), false, "The access token of the revoked grant");
  tell("inactive", "POST /oauth/introspect", "Nothing is left", "The answer says so, and not a word more.", {
    active: false,
  });
}

type Tokens = { access: string; refresh: string; expiresIn: unknown; scope: unknown };

function tokensOf(answer: Answer, problem: string): Tokens {
  const body = expectStatus(answer, 200, problem);
  const { access_token: access, refresh_token: refresh } = body;
  if (typeof access !== "string" || typeof refresh !== "string")
    throw new Failure("The answer of the token endpoint has not both tokens.");
  return { access, refresh, expiresIn: body["expires_in"], scope: body["scope"] };
}

const shown = ({ access, refresh, expiresIn, scope }: Tokens): Record<string, unknown> => ({
  access_token: access,
  refresh_token: refresh,
  expires_in: expiresIn,
  scope,
});

function expectStatus({ status, body }: Answer, wanted: number, problem: string): Answer["body"] {
  if (status === wanted) return body;
  const said = [body["error"], body["error_description"]].filter((part) => typeof part === "string").join(": ");
  throw new Failure(`${problem} (${status}${said === "" ? "" : `, ${said}`}).`);
}

/** Inactive is exactly `{"active":false}`. @see RFC 7662 §2.2 */
function expectActive(answer: Answer, wanted: boolean, what: string): Answer["body"] {
  const body = expectStatus(answer, 200, `${what}: introspection was refused`);
  if (body["active"] !== wanted) throw new Failure(`${what} must be ${wanted ? "active" : "inactive"}, and is not.`);
  if (!wanted && Object.keys(body).length > 1)
    throw new Failure(`${what} is inactive, and the answer says more than that.`);
  return body;
}

import { Sealed, type Reason } from "@symbolon/protocol";
import type { IntrospectionResponse, TokenInfo, TokenResponse } from "@symbolon/server";
import type { GrantFacts, TokenFacts } from "./books.ts";
import type { Findings, Visit } from "./visit.ts";
import { accessSeconds, keyring } from "./registration.ts";
import { callerOf } from "./step-checks.ts";
import type { Answer } from "./wire.ts";

/** Refusals that write: a revocation, or the count of wrong verifiers. */
const writingRefusals: ReadonlySet<Reason> = new Set([
  "refresh_token_reuse",
  "code_replayed",
  "code_guessed",
  "verifier_wrong",
]);

export function checkAnswer(oracle: Findings, visit: Visit, answer: Answer): void {
  const { endpoint } = visit.call;
  if (answer.status === 500)
    return oracle.fail(
      "I9",
      `${endpoint} threw: ${answer.cause instanceof Error ? answer.cause.stack : String(answer.cause)}`,
    );
  if ((answer.status === 503) !== visit.storeFailed)
    return oracle.fail(
      "I10 S8",
      `the store ${visit.storeFailed ? "failed" : "did not fail"}, and ${endpoint} answered ${answer.status} ${answer.reason ?? ""}`,
    );
  if (answer.status === 503 || visit.era !== oracle.books.era) return;
  if (answer.status !== 200) return checkRefusal(oracle, visit, answer);
  if (endpoint === "token") return tokensAnswered(oracle, visit, answer.body as TokenResponse);
  if (endpoint === "revoke") return revocationAnswered(oracle, visit);
  if (endpoint === "token_info")
    return checkUse(oracle, visit, visit.known[0], true, (answer.body as TokenInfo).scope.split(" "));
  const results =
    endpoint === "batch"
      ? (answer.body as { results: IntrospectionResponse[] }).results
      : [answer.body as IntrospectionResponse];
  const texts = (visit.call.form["tokens"] ?? visit.call.form["token"]!).split(" ");
  results.forEach((result, index) => introspected(oracle, visit, oracle.books.tokens.get(texts[index]!), result));
}

function checkRefusal(oracle: Findings, visit: Visit, { reason }: Answer): void {
  if (visit.writes > 0 && !writingRefusals.has(reason!)) oracle.fail("S5", `a call refused with ${reason} has written`);
  if (reason === "token_not_ours" && visit.grantCalls > 0)
    oracle.fail("TK-01", "garbage has reached the table of grants");
  if (visit.call.endpoint === "token_info" && reason === "bearer_inactive")
    checkUse(oracle, visit, visit.known[0], false, []);
}

function tokensAnswered(oracle: Findings, visit: Visit, body: TokenResponse): void {
  const { form } = visit.call;
  const presented = visit.known[0];
  const { generation = 0 } =
    body.refresh_token === undefined ? {} : keyring.read("refresh", new Sealed(body.refresh_token))!;
  if (form["grant_type"] === "client_credentials") return void register(oracle, visit, undefined, body, 0);
  const grant = presented?.grant;
  if (grant === undefined || body.refresh_token === undefined)
    return oracle.fail("TK-01", "tokens for something that was never given out");
  if (visit.dead.has(presented!)) oracle.fail("I5 S4", "new tokens after the end of the grant was acknowledged");
  if (grant.model.head < generation)
    oracle.fail("I4", `generation ${generation} was given out before it was committed`);
  if (
    !oracle.isWithin(
      grant,
      body.scope.split(" "),
      form["resource"] === undefined ? grant.audiences : [form["resource"]],
    )
  )
    oracle.fail("I7 S6", `scope ${body.scope} was never consented to`);
  if (form["scope"] !== undefined) oracle.saw("narrowed");
  if (form["scope"] !== undefined && body.scope !== form["scope"])
    oracle.fail("I7 S6", `asked for ${form["scope"]}, given ${body.scope}`);
  if (presented!.kind === "code" && ++grant.redemptions > 1) oracle.fail("I1", "a code was redeemed twice");
  if (presented!.kind === "refresh") checkSuccessor(oracle, visit, grant, form["refresh_token"]!, body.refresh_token);
  register(oracle, visit, grant, body, generation);
}

/** The successor is the same text every time; after a restore a key that came into force meanwhile may sign it. */
function checkSuccessor(oracle: Findings, visit: Visit, grant: GrantFacts, spent: string, successor: string): void {
  const known = grant.successors.get(spent);
  const pointer = keyring.read("refresh", new Sealed(successor))!;
  if (pointer.generation !== visit.known[0]!.generation + 1)
    oracle.fail("I2 S1", "a spent token brought something other than its successor");
  const isSame =
    known === undefined ||
    known === successor ||
    (oracle.books.era > 0 && keyring.read("refresh", new Sealed(known))!.generation === pointer.generation);
  if (!isSame) oracle.fail("I2 S1", "a spent token brought two successors");
  if (pointer.keyId !== keyring.read("refresh", new Sealed(spent))!.keyId) oracle.saw("signed under another key");
  grant.successors.set(spent, successor);
}

function register(
  oracle: Findings,
  visit: Visit,
  grant: GrantFacts | undefined,
  body: TokenResponse,
  generation: number,
): void {
  const { tokens, era } = oracle.books;
  const resource = visit.call.form["resource"];
  const common = {
    grant,
    client: callerOf(visit.call),
    generation,
    variant: keyring.read("access", new Sealed(body.access_token))!.variant,
    issuedAt: body.created_at,
    expiresAt: body.created_at + accessSeconds,
    scope: body.scope.split(" "),
    audiences: resource === undefined ? (grant?.audiences ?? []) : [resource],
    isDead: false,
    wasInactive: false,
    era,
  };
  if (!tokens.has(body.access_token)) tokens.set(body.access_token, { ...common, kind: "access" });
  if (body.refresh_token !== undefined && !tokens.has(body.refresh_token))
    tokens.set(body.refresh_token, { ...common, kind: "refresh" });
}

function revocationAnswered(oracle: Findings, visit: Visit): void {
  const ended = visit.known[0];
  if (ended === undefined || ended.client !== callerOf(visit.call) || ended.kind === "code") return;
  ended.isDead = true;
  if (ended.kind === "access" || ended.grant === undefined || ended.grant.isLost) return;
  ended.grant.isRevocationAcknowledged = true;
  if (!ended.grant.model.isRevoked) oracle.fail("I4 S4", "a revocation was acknowledged before it was committed");
}

function introspected(
  oracle: Findings,
  visit: Visit,
  token: TokenFacts | undefined,
  result: IntrospectionResponse,
): void {
  const mayAsk = token === undefined || callerOf(visit.call) === token.client || isFor(callerOf(visit.call), token);
  if (result.active && !mayAsk) oracle.fail("IN-01", "a token was described to a caller it is not for");
  if (!mayAsk) return;
  checkUse(oracle, visit, token, result.active, result.active ? result.scope.split(" ") : []);
}

/** `rs_api` is the audience that grants may be narrowed to; `rs_any` names none; another application may never ask. */
const isFor = (caller: string, { audiences }: TokenFacts): boolean =>
  caller === "rs_api" || (caller === "rs_any" && audiences.length === 0);

function checkUse(
  oracle: Findings,
  visit: Visit,
  token: TokenFacts | undefined,
  isActive: boolean,
  scope: readonly string[],
): void {
  const grant = token?.grant;
  if (!isActive) {
    const isByTime =
      token === undefined ||
      visit.now >= token.expiresAt ||
      (grant !== undefined && !grant.model.isRevoked && grant.model.isDead(visit.now));
    if (token?.kind === "access" && !isByTime) token.wasInactive = true;
    return;
  }
  if (token?.kind !== "access") return oracle.fail("TK-01", "something that was never an access token is active");
  if (visit.died.has(token)) return oracle.fail("I5", "active, though it was seen to be dead before the answer");
  if (visit.dead.has(token))
    return oracle.fail("I5 I6 S4", token.wasInactive ? "inactive has become active again" : "active after its end");
  // A restore on a clock that was set back may put a lost narrowing's number before its time.
  const isSure = token.era === oracle.books.era || !oracle.hasClockMoved;
  if (isSure && scope.join(" ") !== token.scope.join(" "))
    oracle.fail("I7", `issued for ${token.scope.join(" ")}, described as ${scope.join(" ")}`);
  if (grant === undefined) return;
  if (!oracle.isWithin(grant, scope, token.audiences))
    oracle.fail("I7 S6", `scope ${scope.join(" ")} was never consented to`);
  const { model } = grant;
  const isNoted =
    model.head > token.generation || (model.head === token.generation && model.isDelivered) || model.isRevoked;
  if (!isNoted) oracle.fail("I4", "active, and its first use is not committed");
}

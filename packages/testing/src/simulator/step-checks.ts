import { covers } from "@symbolon/protocol";
import type { Grant } from "@symbolon/server";
import type { GrantFacts } from "./books.ts";
import { verifier } from "./registration.ts";
import type { Findings, Step, Visit } from "./visit.ts";

/** Compares one committed decision with what the model does with the same request at the same time. */
export function checkStep(oracle: Findings, visit: Visit | undefined, step: Step): void {
  const { before, change } = step;
  const grant = oracle.books.grants.get(step.id);
  if (visit !== undefined && change.write !== undefined) visit.writes++;
  if (visit?.found?.state === "active" && before?.state === "revoked") oracle.saw("revoked between find and change");
  if (grant === undefined || before === undefined) return;

  const [expected, actual] = visit === undefined ? revoking(grant) : expectation(oracle, visit, grant, before, step);
  if (expected !== actual)
    oracle.fail("I2 S2", `the model says "${expected}", the server did "${actual}" to generation ${before.generation}`);
  compareRows(oracle, grant, change.write ?? before);
  if (before.state !== "revoked" && change.write?.state === "revoked") checkRevocation(oracle, grant, step);
}

type Comparison = [expected: string, actual: string];

const revoking = (grant: GrantFacts): Comparison => {
  grant.model.revoke();
  return ["done", "done"];
};

function expectation(oracle: Findings, visit: Visit, grant: GrantFacts, before: Grant, step: Step): Comparison {
  const { call } = visit;
  if (call.endpoint === "revoke") return revocation(visit, grant, step);
  if (call.endpoint !== "token") return firstUse(oracle, visit, grant, before, step);
  return call.form["grant_type"] === "refresh_token"
    ? refresh(oracle, visit, grant, before, step)
    : redemption(oracle, visit, grant, before, step);
}

/**
 * A client that revokes an access token has received it: that is a use of it, unless the row is older than its
 * narrowing.
 */
function revocation({ call, known }: Visit, grant: GrantFacts, { before, now }: Step): Comparison {
  const token = known[0];
  const variant = before?.variants[token?.variant ?? 0];
  const isNarrowingKnown = variant !== undefined && (token?.issuedAt ?? 0) >= (variant.since ?? 0);
  if (token?.client === callerOf(call) && token.kind === "refresh") grant.model.revoke();
  if (token?.client === callerOf(call) && token.kind === "access" && isNarrowingKnown)
    grant.model.use(token.generation, token.issuedAt, now);
  return ["done", "done"];
}

function firstUse(
  oracle: Findings,
  { known, died }: Visit,
  grant: GrantFacts,
  before: Grant,
  { change, now }: Step,
): Comparison {
  const token = known.find((facts) => facts.grant === grant);
  const headBefore = grant.model.head;
  const isGood = token !== undefined && grant.model.use(token.generation, token.issuedAt, now);
  const isActive = (change.answer as { result: boolean }).result;
  if (!isActive && token !== undefined) died.add(token);
  if (!isActive) oracle.saw("token died between inspection and first use");
  if (grant.model.head > headBefore && before.generation === headBefore) oracle.saw("caught up by use");
  return [isGood ? "active" : "inactive", isActive ? "active" : "inactive"];
}

function refresh(
  oracle: Findings,
  { call, known, found }: Visit,
  grant: GrantFacts,
  before: Grant,
  { change, now }: Step,
): Comparison {
  const presented = known[0]!;
  const scope = call.form["scope"]?.split(" ") ?? grant.scope;
  const isOwn = callerOf(call) === grant.client;
  const expected = isOwn
    ? grant.model.refresh(presented.generation, call.form["refresh_intent"], covers(grant.scope, scope), now)
    : "refused";
  if (expected === "caught up")
    oracle.saw(
      before.state === "offered" ? "refresh of a grant that the backup knows only as offered" : "caught up by refresh",
    );
  if (expected === "replayed" && grant.model.preset === "strict") oracle.saw("replay by intent under strict");
  if (expected === "replayed" && call.isCopy === true) oracle.saw("replay of a duplicated request");
  if (expected === "replayed" && grant.rotatedBy !== call.by) oracle.saw("replay by a second process");
  if (expected === "rotated") grant.rotatedBy = call.by;
  if (found?.generation === presented.generation && before.generation > presented.generation)
    oracle.saw("two requests rotate one token at once");
  return [expected, refreshOutcome(before, step(change), presented.generation)];
}

type TokenDecision = { result: { ok: boolean; reason?: string } };
const step = (change: Step["change"]) => ({ write: change.write, result: (change.answer as TokenDecision).result });

function refreshOutcome(before: Grant, { write, result }: ReturnType<typeof step>, presented: number): string {
  if (!result.ok && write === undefined) return result.reason === "refresh_token_late_retry" ? "late retry" : "refused";
  if (write === undefined) return "answered without a write";
  if (!result.ok) return write.state === "revoked" ? "theft" : "refused with a write";
  if (write.generation === presented + 1 && presented > before.generation) return "caught up";
  if (write.generation === before.generation + 1 && presented === before.generation) return "rotated";
  return write.generation === before.generation && presented === before.generation - 1 ? "replayed" : "something else";
}

function redemption(
  oracle: Findings,
  { call }: Visit,
  grant: GrantFacts,
  before: Grant,
  { change, now }: Step,
): Comparison {
  const expected = grant.model.redeem(callerOf(call) === grant.client, call.form["code_verifier"] === verifier, now);
  if (expected === "code replay") oracle.saw("code replay revokes");
  if (expected === "code guessed") oracle.saw("code guessed");
  const { write, result } = step(change);
  if (result.ok)
    return [expected, write?.generation === 1 && before.state === "offered" ? "redeemed" : "redeemed again"];
  if (write === undefined) return [expected, "refused"];
  if (write.state !== "revoked")
    return [expected, write.generation === before.generation ? "counted" : "refused with a write"];
  return [expected, write.revokedBecause === "code_replayed" ? "code replay" : "code guessed"];
}

function compareRows(oracle: Findings, { model }: GrantFacts, after: Grant): void {
  if (after.generation !== model.head)
    oracle.fail("I2 S2", `the row has generation ${after.generation}, the model ${model.head}`);
  if ((after.state === "revoked") !== model.isRevoked)
    oracle.fail("S4", `the row is ${after.state}, the model ${model.isRevoked ? "revoked" : "not"}`);
}

/** Every revocation has a documented reason, and its entry in the feed. */
function checkRevocation(oracle: Findings, grant: GrantFacts, { change }: Step): void {
  const because = change.write?.revokedBecause;
  if (change.feed?.kind !== "grant") oracle.fail("I5", "a grant was revoked without an entry in the feed");
  const isLegitimate =
    because === "revoked_by_operator" ||
    (because === "revoked_by_client" ? grant.isSignedOut : oracle.mayBeTakenForTheft(grant));
  if (!isLegitimate) oracle.fail("I3 S3", `an honest client was signed out: ${because}`);
}

/** The client id of a Basic header. */
export const callerOf = ({ authorization }: { authorization: string }): string =>
  Buffer.from(authorization.replace(/^Basic /, ""), "base64")
    .toString()
    .split(":")[0]!;

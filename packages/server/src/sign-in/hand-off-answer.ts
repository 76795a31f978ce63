import { refuse, type EpochSeconds, type Refusal } from "@symbolon/protocol";
import type { Application } from "../applications/application.ts";
import { checkClient } from "../authorize/open-transaction.ts";
import { nowOf, type Deps } from "../deps.ts";
import type { FieldProblems } from "../field-problem.ts";
import { checkCompletion, type CheckedCompletion, type CompletionField } from "./completion.ts";
import { readSignInId, returnAddress, type SignInUnderWay } from "./request-id.ts";
import type { SignInCompletion, SignInQuestion } from "./setting.ts";

/** What the provider's server said of a sign-in that was handed off. */
export type HandOffAnswer = { completed: CheckedCompletion } | { refused: HandOffRefusal };

/** The codes that the application may get, and the reason that each stands for. */
export const handOffRefusals = {
  access_denied: "denied_by_owner",
  login_required: "sign_in_refused",
  unmet_authentication_requirements: "authentication_unmet",
} as const;
export type HandOffRefusal = (typeof handOffRefusals)[keyof typeof handOffRefusals];

/** The person has so long to come back after the answer. */
const returnSeconds = 300;

type AnswerDeps = Pick<Deps, "clock" | "config" | "keyring" | "store">;

/** What a sign-in that is under way asks, for the provider's server and its page. */
export async function readHandOff(
  id: string,
  deps: AnswerDeps,
): Promise<{ ok: true; value: SignInQuestion & { expiresAt: number } } | Refusal> {
  const opened = await open(id, deps);
  if (!opened.ok) return opened;
  const { underWay, application } = opened;
  if (underWay.isExpired) return refuse("sign_in_expired");
  return {
    ok: true,
    value: {
      ...questionOf(underWay, application),
      expiresAt: underWay.begunAt + deps.config.lifetimes.transaction,
    },
  };
}

export const questionOf = (
  { transaction }: Pick<SignInUnderWay, "transaction">,
  { id, name }: Pick<Application, "id" | "name">,
): SignInQuestion => ({
  application: { id, name },
  scope: transaction.scope,
  prompt: transaction.prompt,
  maxAgeSeconds: transaction.maxAgeSeconds,
  loginHint: transaction.loginHint,
  acrValues: transaction.acrValues,
  uiLocales: transaction.uiLocales,
  resourceHint: transaction.resourceHint,
});

type Answered = { ok: true; location: string } | Refusal;

/**
 * Completes a sign-in that was handed off. The answer is the address to which the browser is sent. The first answer
 * stands: the same one may be repeated, also with later times, and another one is refused (SI-03).
 */
export async function completeHandOff(
  id: string,
  completion: SignInCompletion,
  deps: AnswerDeps,
): Promise<Answered | FieldProblems<CompletionField>> {
  const opened = await open(id, deps);
  if (!opened.ok) return opened;
  const { underWay } = opened;
  const times = { now: nowOf(deps.clock), begunAt: underWay.begunAt };
  const checked = checkCompletion(completion, underWay.transaction, times);
  if (!checked.ok) return checked;
  if ((await deps.store.subjects.find(checked.value.owner)).suspendedAt !== null) return refuse("subject_suspended");
  return await record(underWay, { completed: checked.value }, deps);
}

/** Refuses a sign-in that was handed off; the application gets the code of the reason. */
export async function refuseHandOff(id: string, reason: HandOffRefusal, deps: AnswerDeps): Promise<Answered> {
  const opened = await open(id, deps);
  return opened.ok ? await record(opened.underWay, { refused: reason }, deps) : opened;
}

async function open(
  id: string,
  deps: AnswerDeps,
): Promise<{ ok: true; underWay: SignInUnderWay; application: Application } | Refusal> {
  const underWay = deps.config.signIn?.kind === "handOff" ? readSignInId(id, deps) : undefined;
  if (underWay === undefined) return refuse("sign_in_unknown");
  const client = await checkClient(underWay.transaction, deps);
  return client.ok ? { ok: true, underWay, application: client.value } : refuse("sign_in_unknown");
}

/** Someone who can write to the database cannot make an answer: it has a MAC (ST-02). */
async function record(underWay: SignInUnderWay, answer: HandOffAnswer, deps: AnswerDeps): Promise<Answered> {
  const now = nowOf(deps.clock);
  const before = await findText(underWay, deps);
  const text = JSON.stringify(answer);
  if (before === undefined && underWay.isExpired) return refuse("sign_in_expired");
  const value = Buffer.from(`${deps.keyring.seal("sign_in", messageOf(underWay, text))}${text}`);
  const isFirst =
    before === undefined &&
    (await deps.store.once.put({ id: idOf(underWay, deps), value, until: untilOf(underWay, deps) }, now));
  const stands = isFirst ? text : (before ?? (await findText(underWay, deps)));
  if (stands === undefined || withoutTimes(stands) !== withoutTimes(text)) return refuse("sign_in_answered");
  const proof = deps.keyring.seal("sign_in", proofMessageOf(underWay, stands));
  return { ok: true, location: returnAddress(underWay, proof) };
}

/** Of two clicks on a login form, the second is a moment later, and the same answer. */
const withoutTimes = (text: string): string =>
  JSON.stringify(JSON.parse(text), (key, value: unknown) =>
    key === "authenticatedAt" || key === "until" ? undefined : value,
  );

/**
 * What the provider's server said; `undefined` if it has not, or too long ago, or if `proof` is not that of the answer.
 * Only the provider's server learns the proof, and sends it with the browser in which the person signed in. An attacker
 * who lured a person to the login page with an id of their own has the id and the cookie, but not the proof (SI-02).
 */
export async function findAnswer(
  underWay: SignInUnderWay,
  proof: string,
  deps: AnswerDeps,
): Promise<HandOffAnswer | undefined> {
  const text = await findText(underWay, deps);
  const isProven = text !== undefined && deps.keyring.isSealed("sign_in", proofMessageOf(underWay, text), proof);
  return isProven ? (JSON.parse(text) as HandOffAnswer) : undefined;
}

async function findText(underWay: SignInUnderWay, deps: AnswerDeps): Promise<string | undefined> {
  const found = await deps.store.once.find(idOf(underWay, deps), nowOf(deps.clock));
  if (found === undefined) return undefined;
  const value = Buffer.from(found).toString();
  const text = value.slice(macLength);
  return deps.keyring.isSealed("sign_in", messageOf(underWay, text), value.slice(0, macLength)) ? text : undefined;
}

/**
 * Uses the sign-in for the session of this name; false if it was used before.
 */
export const claim = (underWay: SignInUnderWay, session: string, deps: AnswerDeps): Promise<boolean> => {
  const until = untilOf(underWay, deps) + returnSeconds; // longer than its answer
  return deps.store.once.put({ id: usedIdOf(underWay, deps), value: Buffer.from(session), until }, nowOf(deps.clock));
};

/** The session that the sign-in was used for; `undefined` if it was not used. */
export async function sessionOf(underWay: SignInUnderWay, deps: AnswerDeps): Promise<string | undefined> {
  const found = await deps.store.once.find(usedIdOf(underWay, deps), nowOf(deps.clock));
  return found === undefined ? undefined : Buffer.from(found).toString();
}

/** As long as the id works, or long enough for the way back. */
const untilOf = ({ begunAt }: SignInUnderWay, { clock, config }: Pick<Deps, "clock" | "config">): EpochSeconds =>
  Math.max(nowOf(clock) + returnSeconds, begunAt + config.lifetimes.transaction);

/** In characters of base64url. */
const macLength = 43;

const messageOf = ({ nonce }: SignInUnderWay, text: string): string => `answer\0${nonce}\0${text}`;
const proofMessageOf = ({ nonce }: SignInUnderWay, text: string): string => `proof\0${nonce}\0${text}`;
const idOf = ({ nonce }: SignInUnderWay, { keyring }: Pick<Deps, "keyring">): Uint8Array =>
  keyring.digest("sign_in", `answer\0${nonce}`);
const usedIdOf = ({ nonce }: SignInUnderWay, { keyring }: Pick<Deps, "keyring">): Uint8Array =>
  keyring.digest("sign_in", `used\0${nonce}`);

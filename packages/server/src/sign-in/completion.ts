import { covers, type EpochSeconds, type ExternalSubject, type ResourceName, type Scope } from "@symbolon/protocol";
import type { AccountResource, ExternalPerson } from "../accounts/account.ts";
import { externalSubject } from "../accounts/owner.ts";
import type { Transaction } from "../authorize/transaction.ts";
import { invalid, problemsOf, type Validated } from "../field-problem.ts";
import type { CompletionConsent, CompletionResource, SignInCompletion } from "./setting.ts";

/** A completion that fits the request of the application. */
export type CheckedCompletion = {
  owner: ExternalSubject;
  person: ExternalPerson & { authenticatedAt: EpochSeconds; until?: EpochSeconds };
  consent: CheckedConsent | undefined;
};

/** `resource`: null where the person has none. */
export type CheckedConsent = { allows: false } | { allows: true; resource: ResourceName | null; scope: Scope };

export type CompletionField = keyof SignInCompletion;

/** Clocks of two machines may differ by so much. */
const clockSkewSeconds = 60;
const longest = { name: 120, label: 120, acr: 255, resources: 100 };

/**
 * Checks every field and names every problem, also where the answer does not keep to the request: `prompt=login`,
 * `max_age` and `acr_values` hold although another program signs the person in (SI-05). `begunAt`: when the person was
 * sent to sign in.
 */
export function checkCompletion(
  completion: SignInCompletion,
  transaction: Transaction,
  { now, begunAt }: { now: EpochSeconds; begunAt: EpochSeconds },
): Validated<CheckedCompletion, CompletionField> {
  const owner = checkSubject(completion.subject);
  const authenticatedAt = checkAuthTime(completion.authTime, transaction, now, begunAt);
  const acr = checkAcr(completion.acr, transaction);
  const name = checkText("name", completion.name, longest.name);
  const resources = checkResources(completion.resources ?? []);
  const until = checkUntil(completion.sessionUntil, now);
  const consent = checkConsent(completion.consent, resources.ok ? resources.value : [], transaction);
  if (owner.ok && authenticatedAt.ok && acr.ok && name.ok && resources.ok && until.ok && consent.ok) {
    const ends = until.value === undefined ? {} : { until: until.value };
    const said = { name: name.value, resources: resources.value, acr: acr.value };
    const person = { ...said, authenticatedAt: authenticatedAt.value, ...ends };
    return { ok: true, value: { owner: owner.value, person, consent: consent.value } };
  }
  return {
    ok: false,
    problems: problemsOf<CompletionField>([owner, authenticatedAt, acr, name, resources, until, consent]),
  };
}

function checkSubject(subject: string): Validated<ExternalSubject, "subject"> {
  const owner = externalSubject(subject);
  return owner === undefined
    ? invalid("subject", "must be 1 to 255 visible ASCII characters, and not begin with app_ or rs_", {
        value: subject,
      })
    : { ok: true, value: owner };
}

function checkAuthTime(
  time: EpochSeconds,
  { prompt, maxAgeSeconds }: Transaction,
  now: EpochSeconds,
  begunAt: EpochSeconds,
): Validated<EpochSeconds, "authTime"> {
  const refused = (expected: string) => invalid("authTime", expected, { value: String(time) });
  if (!Number.isSafeInteger(time) || time < 0) return refused("must be a whole number of seconds since 1970");
  if (time > now + clockSkewSeconds) return refused("must not be in the future");
  if (prompt.includes("login") && time < begunAt - clockSkewSeconds)
    return refused("must not be before the request: with prompt=login the person has to sign in again");
  if (maxAgeSeconds !== null && now - time > maxAgeSeconds + clockSkewSeconds)
    return refused(`must be at most ${maxAgeSeconds} seconds ago: the application asks for it by max_age`);
  return { ok: true, value: Math.min(time, now) };
}

function checkAcr(acr: string | undefined, { acrValues }: Transaction): Validated<string | null, "acr"> {
  if (acr !== undefined && !/^[\x21-\x7e]{1,255}$/.test(acr))
    return invalid("acr", `must be 1 to ${longest.acr} visible ASCII characters`, { value: acr });
  if (acrValues.length > 0 && !acrValues.includes(acr ?? ""))
    return invalid("acr", "must be one that the application asks for; else refuse the sign-in", {
      ...(acr === undefined ? {} : { value: acr }),
      allowed: acrValues,
    });
  return { ok: true, value: acr ?? null };
}

function checkText<Field extends CompletionField>(field: Field, text: string, most: number): Validated<string, Field> {
  const trimmed = text.normalize("NFC").trim();
  return trimmed === "" || trimmed.length > most || /\p{Cc}/u.test(trimmed) || !trimmed.isWellFormed()
    ? invalid(field, `must be one line of 1 to ${most} characters`, { value: text })
    : { ok: true, value: trimmed };
}

function checkResources(resources: readonly CompletionResource[]): Validated<AccountResource[], "resources"> {
  if (resources.length > longest.resources)
    return invalid("resources", `must be at most ${longest.resources}`, { value: String(resources.length) });
  const checked = resources.map(checkResource);
  const problems = problemsOf<"resources">(checked);
  if (problems.length > 0) return { ok: false, problems };
  const values = checked.flatMap((one) => (one.ok ? [one.value] : []));
  const twice = values.find(({ name }, index) => values.findIndex((other) => other.name === name) !== index);
  return twice === undefined
    ? { ok: true, value: values }
    : invalid("resources", "must not name a resource twice", { value: twice.name });
}

function checkResource({ type, id, label }: CompletionResource): Validated<AccountResource, "resources"> {
  const name = `${type}/${id}`;
  if (!/^[A-Za-z][A-Za-z0-9]{0,39}\/[\x21-\x2e\x30-\x7e]{1,64}$/.test(name))
    return invalid("resources", "must have a type of 1 to 40 letters and digits, and an id of 1 to 64 visible ASCII characters without a slash", { value: name }); // prettier-ignore
  const text = checkText("resources", label, longest.label);
  return text.ok ? { ok: true, value: { name: name as ResourceName, label: text.value } } : text;
}

function checkUntil(
  until: EpochSeconds | undefined,
  now: EpochSeconds,
): Validated<EpochSeconds | undefined, "sessionUntil"> {
  return until === undefined || (Number.isSafeInteger(until) && until > now)
    ? { ok: true, value: until }
    : invalid("sessionUntil", "must be a whole number of seconds since 1970, in the future", { value: String(until) });
}

/** A person gives only what is theirs, and an application gets only what it asked for (SI-03). */
function checkConsent(
  consent: CompletionConsent | undefined,
  resources: readonly AccountResource[],
  { scope: asked }: Transaction,
): Validated<CheckedConsent | undefined, "consent"> {
  if (consent === undefined) return { ok: true, value: undefined };
  if (consent.decision === "deny") return { ok: true, value: { allows: false } };
  const scope = consent.scope ?? asked;
  const isAsked = covers(asked, scope) && new Set(scope).size === scope.length;
  if (!isAsked)
    return invalid("consent", "must allow scopes that the application asks for, each once", { value: scope.join(" ") });
  const names = resources.map(({ name }) => name);
  const resource = consent.resource === undefined ? onlyOne(names) : names.find((name) => name === consent.resource);
  return resource === undefined
    ? invalid("consent", "must name one of `resources` as Type/id", { allowed: names })
    : { ok: true, value: { allows: true, resource, scope } };
}

/** null where there is none; `undefined` where there are several. */
const onlyOne = (names: readonly ResourceName[]): ResourceName | null | undefined =>
  names.length > 1 ? undefined : (names[0] ?? null);

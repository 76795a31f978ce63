import { z } from "zod";
import { completeHandOff, handOffRefusals, readHandOff, refuseHandOff } from "../sign-in/hand-off-answer.ts";
import { operation, refusal, refusedFields } from "./operation.ts";
import { list, named, nullable, object, oneOf, text, time, whole } from "./schemas.ts";

const idRefusals = ["sign_in_unknown", "sign_in_expired"] as const;

export const signInSchema = named(
  "SignIn",
  object({
    application: object({ id: text("Its client_id"), name: text("Its name") }),
    scope: list(z.string(), 1000, "The scopes that it asks for"),
    prompt: list(z.string(), 4, "`login`: the person must sign in again. `select_account`: ask which account"),
    maxAge: nullable(whole("How many seconds ago the person may have signed in at most"), "null: at any time"),
    loginHint: text("Who the application believes is there; empty if it does not say. Do not trust it"),
    acrValues: list(z.string(), 10, "The `acr` values that are good enough; empty: any"),
    uiLocales: list(z.string(), 10, "The languages that it asks for, as BCP 47 tags, the preferred first"),
    resourceHint: text("The resource that it asks for, as Type/id; empty if it does not say. Do not trust it"),
    expiresAt: time("When the sign-in expires"),
  }),
);

export const getSignIn = operation({
  id: "getSignIn",
  summary: "Read what a sign-in that was handed off asks",
  scope: "symbolon:sign-in",
  answer: signInSchema,
  refusals: idRefusals,
  async run({ id }, deps) {
    const found = await readHandOff(id, deps);
    if (!found.ok) return refusal(found.reason);
    const { maxAgeSeconds, scope, prompt, acrValues, uiLocales, ...question } = found.value;
    return {
      ok: true,
      answer: {
        ...question,
        scope: [...scope],
        prompt: [...prompt],
        acrValues: [...acrValues],
        uiLocales: [...uiLocales],
        maxAge: maxAgeSeconds,
      },
    };
  },
});

const answered = named(
  "SignInAnswered",
  object({
    location: text("Send the browser in which the person signed in there, by a redirect. Show it to no one else"),
  }),
);

const completion = named(
  "SignInCompletion",
  object({
    subject: text("The `sub` of the person: 1 to 255 visible ASCII characters, never another person's"),
    authTime: whole("When the person proved who they are, in seconds since 1970"),
    acr: text("How they did, of `acrValues` if the application asks").optional(),
    name: text("How pages call the person"),
    resources: list(
      object({
        type: text("A word, as Company"),
        id: text("1 to 64 visible ASCII characters without a slash"),
        label: text("How pages call it"),
      }),
      100,
      "What the person may give access to",
    ).optional(),
    sessionUntil: whole("When the person has to sign in again at the latest, in seconds since 1970").optional(),
    consent: object({
      decision: oneOf(["allow", "deny"], "What the person answered on a consent page of yours"),
      resource: text("One of `resources`, as Type/id; needed where there are several").optional(),
      scope: list(z.string(), 1000, "Of what was asked; absent: all of it").optional(),
    })
      .optional()
      .meta({ description: "Absent: the consent page of this server asks" }),
  }),
);

export const completeSignIn = operation({
  id: "completeSignIn",
  summary: "Say who signed in and what they may give; the first answer stands",
  scope: "symbolon:sign-in",
  body: completion,
  answer: answered,
  refusals: [...idRefusals, "sign_in_answered", "subject_suspended"],
  async run({ id, body: { consent, ...who } }, deps) {
    if (consent?.decision === "deny" && (consent.resource ?? consent.scope) !== undefined)
      return refusedFields([{ field: "consent", kind: "invalid", expected: "must have no more fields if it denies" }]);
    const outcome = await completeHandOff(id, { ...who, consent }, deps);
    if (outcome.ok) return { ok: true, answer: { location: outcome.location } };
    return "reason" in outcome ? refusal(outcome.reason) : refusedFields(outcome.problems);
  },
});

const refusalBody = named(
  "SignInRefusal",
  object({
    reason: oneOf(
      ["access_denied", "login_required", "unmet_authentication_requirements"],
      "The person went back; cannot sign in; or not as acrValues ask",
    ),
  }),
);

export const refuseSignIn = operation({
  id: "refuseSignIn",
  summary: "Refuse a sign-in that was handed off; the application gets the code",
  scope: "symbolon:sign-in",
  body: refusalBody,
  answer: answered,
  refusals: [...idRefusals, "sign_in_answered"],
  async run({ id, body: { reason } }, deps) {
    const outcome = await refuseHandOff(id, handOffRefusals[reason], deps);
    return outcome.ok ? { ok: true, answer: { location: outcome.location } } : refusal(outcome.reason);
  },
});

import { isClientId } from "@symbolon/protocol";
import {
  endSubject,
  endSubjectSessions,
  resumeSubject,
  suspendSubject,
  type SubjectEnds,
} from "../accounts/subject-ends.ts";
import type { Deps } from "../deps.ts";
import { operation, refusal } from "./operation.ts";
import { named, object, text, whole } from "./schemas.ts";

const ended = named(
  "SubjectEnded",
  object({
    subject: text("The `sub` of the person"),
    revokedGrants: whole("How many grants ended"),
    endedSessions: whole("How many browsers were signed out"),
  }),
);

/** An operation on everything of one `sub`, which needs no row: a subject that was never seen has nothing to end. */
const onSubject = (
  id: string,
  summary: string,
  end: (sub: string, deps: Pick<Deps, "store" | "clock">) => Promise<SubjectEnds>,
) =>
  operation({
    id,
    summary,
    scope: "symbolon:write",
    answer: ended,
    refusals: ["record_unknown"],
    async run({ id: subject }, deps) {
      if (!isClientId(subject)) return refusal("record_unknown"); // the same characters and length
      const { revokedGrants, endedSessions } = await end(subject, deps);
      return { ok: true, answer: { subject, revokedGrants, endedSessions } };
    },
  });

export const suspendSubjectOperation = onSubject(
  "suspendSubject",
  "Suspend a person: end their sessions and grants, and let them sign in no more",
  suspendSubject,
);
export const resumeSubjectOperation = onSubject("resumeSubject", "Let a suspended person sign in again", resumeSubject);
export const endSubjectOperation = onSubject("endSubject", "End every session and grant of a person", endSubject);
export const endSubjectSessionsOperation = onSubject(
  "endSubjectSessions",
  "Sign a person out in every browser; grants go on",
  endSubjectSessions,
);

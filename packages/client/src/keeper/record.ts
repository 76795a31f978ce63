import type { RotationClass } from "../rotation-class.ts";
import { KeeperError, type DeathCause, type Evidence } from "./errors.ts";
import { parseJson } from "../parse-json.ts";
import { misfitOf, type Shape } from "./shape.ts";

/**
 * One grant as it is stored: one record under one compare-and-set revision
 * (docs/decisions/0034-one-record-one-compare-and-set.md). `version` counts token pairs; `fence` counts leases and is
 * the fencing token. Times named `…AtMs` are the writer's best estimate of the *provider's* clock, because the clocks
 * of processes differ by hours; no rule that must hold depends on them.
 */
export type GrantRecord = {
  format: 1;
  id: string;
  issuer: string;
  clientId: string;
  subject?: string | undefined;
  version: number;
  fence: number;
  state: GrantState;
  class: RotationClass;
  /** The provider's, when this pair was requested. */
  clientGeneration: number;
  /** Sealed `TokenPair`s: this version's, and the one's before. */
  current: string;
  previous?: string | undefined;
  /** The grant has no refresh token: it lives as long as its access token. */
  accessOnly?: true | undefined;
  /**
   * The writer's wall clock at the start of the request, how far the server's was ahead, and how old the pair was when
   * it was written.
   */
  issuedAt: { wallMs: number; offsetMs: number; ageMs?: number };
  lifetimeSeconds?: number | undefined;
  /** Age at which the pair is due, drawn once per version (B10). */
  refreshAfterMs?: number | undefined;
  scope?: readonly string[] | undefined;
  /** Digests of adopted tokens, newest last: a repeated adoption must not undo what came after it. */
  adopted?: readonly string[] | undefined;
  /** The revision of the subject's entry at the newest adoption, for a repeated call that has to finish it. */
  subjectSeen?: number | undefined;
  /** This pair was requested because its predecessor was rejected with 401. */
  forced?: true | undefined;
  /** The fencing token under which this pair was requested. */
  boughtUnder: number;
  /** Who may send. It has expired when another process has seen `beat` unchanged for `ms`, on its own clock. */
  lease?: { owner: string; beat: number; ms: number } | undefined;
  /** A refresh that was possibly sent, and whose answer is not stored. */
  intent?: { startedAtMs: number } | undefined;
  /** The intent key of this version: every attempt to spend it carries the same (A6). */
  intentKey?: string | undefined;
  /** Consecutive attempts without an answer. */
  streak: number;
  /** No attempt before `atMs`; `waitMs` bounds the wait where a clock is wrong. */
  nextAttempt?: { atMs: number; waitMs: number } | undefined;
  /** Refusals of this pair, with this client generation. `dated`: `sinceMs` is by the provider's own `Date`. */
  suspicion?: { sinceMs: number; dated: boolean; refusals: number; generation?: number } | undefined;
  evidence: readonly Evidence[];
  cause?: DeathCause | undefined;
  /** When the grant ended here. */
  endedAtMs?: number | undefined;
};

export type GrantState = "active" | "refreshing" | "ambiguous" | "suspect" | "revoking" | "dead";

/** Ended grants return no token. */
export const isOver = ({ state }: GrantRecord): boolean => state === "dead" || state === "revoking";

/** For how long after a refresh the provider accepts the spent token again; without a number, for ever (B1). */
export const replayWindowMs = (rotation: { kind: RotationClass["kind"]; windowSeconds?: number }): number =>
  (rotation.windowSeconds ?? Infinity) * 1000;

/** What is sealed. */
export type TokenPair = { access: string; refresh?: string | undefined };

/** What every sealed pair is bound to, so that rows cannot be swapped (B4). */
export const boundTo = (
  { issuer, clientId, subject, id }: Pick<GrantRecord, "issuer" | "clientId" | "subject" | "id">,
  version: number,
): string => JSON.stringify([1, issuer, clientId, subject ?? null, id, version]);

export const rotationShape: Shape = {
  kind: /^(?:lazy|replay|grace|timed|none|strict)$/,
  "windowSeconds?": 0,
  "everySeconds?": 0,
};

const recordShape: Shape = {
  format: 1,
  id: "",
  issuer: "",
  clientId: "",
  "subject?": "",
  version: 0,
  fence: 0,
  state: /^(?:active|refreshing|ambiguous|suspect|revoking|dead)$/,
  class: rotationShape,
  clientGeneration: 0,
  current: "",
  "previous?": "",
  "accessOnly?": true,
  issuedAt: { wallMs: 0, offsetMs: 0, "ageMs?": 0 },
  "lifetimeSeconds?": 0,
  "refreshAfterMs?": 0,
  "scope?": [""],
  "adopted?": [""],
  "subjectSeen?": 0,
  "forced?": true,
  boughtUnder: 0,
  "lease?": { owner: "", beat: 0, ms: 0 },
  "intent?": { startedAtMs: 0 },
  "intentKey?": "",
  streak: 0,
  "nextAttempt?": { atMs: 0, waitMs: 0 },
  "suspicion?": { sinceMs: 0, dated: true, refusals: 0, "generation?": 0 },
  evidence: [{ atMs: 0, version: 0, code: "", "status?": 0, "description?": "" }],
  "cause?": "",
  "endedAtMs?": 0,
};

/**
 * The record in `value`, which must be `id`'s if that is given. Of one that does not fit, the error's `field` is the
 * part that is wrong.
 */
export function readRecord(id: string | undefined, value: string): GrantRecord {
  const record = parseJson(value) as GrantRecord;
  if (Number(record?.format) > 1) throw new KeeperError("unreadable", { id, message: "written by a newer version" });
  const field = misfitOf(record, recordShape) ?? (id === undefined || record.id === id ? undefined : "id");
  if (field === undefined) return record;
  throw new KeeperError("unreadable", { id, field, message: "the record is damaged" });
}

/** Any text as part of a key: what a key cannot hold becomes `.` and its hexadecimal. */
export const keyPart = (text: string): string =>
  encodeURIComponent(text).replace(/[^\w-]/g, (character) => `.${character.charCodeAt(0).toString(16)}`);

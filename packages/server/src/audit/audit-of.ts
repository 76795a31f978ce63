import { nowOf, type Deps } from "../deps.ts";
import type { Actor, AuditValues } from "./audit-line.ts";
import { appendOf, type AuditAppend } from "./chain.ts";

/** A row before and after an operation. Absent: there was, or is, no row. */
export type AuditedChange = {
  by: Actor;
  /** Such as `application.update`. */
  operation: string;
  /** The id of the row. */
  target: string;
  before?: object | undefined;
  after?: object | undefined;
};

/** The line about a change, to be stored in the same step: the members that differ, without secrets. */
export function auditOf(
  { by, operation, target, before, after }: AuditedChange,
  { clock, keyring }: Pick<Deps, "clock" | "keyring">,
): AuditAppend {
  const members = Object.keys({ ...before, ...after }).filter(
    (member) => !unsaid.has(member) && textOf(before, member) !== textOf(after, member),
  );
  const values = (row: object | undefined): AuditValues | null =>
    row === undefined ? null : Object.fromEntries(members.map((member) => [member, shownValue(row, member)]));
  return appendOf({ at: nowOf(clock), by, operation, target, before: values(before), after: values(after) }, keyring);
}

/** What the line says in other words: its target, and that there was a change. */
const unsaid = new Set(["id", "version"]);

/** A line is never changed, so it holds nothing that a deleted account must take along (ST-08). */
const hidden = new Set(["secrets", "passwordHash", "email"]);

const shownValue = (row: object, member: string): unknown => {
  const value = (row as AuditValues)[member];
  if (!hidden.has(member)) return value;
  return Array.isArray(value) ? `${value.length} not shown` : "not shown";
};

const textOf = (row: object | undefined, member: string): string | undefined =>
  JSON.stringify((row as AuditValues | undefined)?.[member]);

import type { EpochSeconds } from "@symbolon/protocol";

/** Who changes something. `from`: the network that the request came from, where there was one. */
export type Actor = {
  /** `command`: on the machine of the server. `host`: the program that the server is embedded in. */
  kind: "command" | "client" | "account" | "host";
  id: string;
  from?: string;
};

/** One change by an operator, without secrets. */
export type AuditLine = {
  at: EpochSeconds;
  by: Actor;
  /** The operation, such as `application.update`. */
  operation: string;
  /** The id of the row that it changes. */
  target: string;
  /** The members that differ, as they were and as they are; `null`: there was, or is, no row. */
  before: AuditValues | null;
  after: AuditValues | null;
};

/** Values as JSON writes them. */
export type AuditValues = { readonly [member: string]: unknown };

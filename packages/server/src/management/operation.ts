import type { Reason } from "@symbolon/protocol";
import type { z } from "zod";
import type { Deps } from "../deps.ts";
import type { FieldProblem } from "../field-problem.ts";
import type { ManagementScope } from "./access.ts";
import type { ManagementCaller } from "./caller.ts";

/** One operation of the management API: a translation of an operation of the server, without rules of its own. */
export type Operation = {
  /** The `operationId` of the OpenAPI document, and the name of the method in `@symbolon/client/admin`. */
  id: string;
  /** One line, without a full stop. */
  summary: string;
  scope: ManagementScope;
  query: z.ZodObject | undefined;
  body: z.ZodObject | undefined;
  answer: z.ZodObject;
  /** 201 for a creation. */
  status: 200 | 201;
  /** Why it may be refused, beyond what its scope, query and body say. */
  refusals: readonly Reason[];
  /** Whether the answer has an ETag. */
  hasVersion: boolean;
  /** Whether it needs If-Match. */
  needsMatch: boolean;
  run(request: OperationRequest, deps: Deps): Promise<Outcome>;
};

/** A request whose sender is known, and whose parts have the shape that the operation declares. */
export type OperationRequest<Query = unknown, Body = unknown> = {
  /** The `:id` of the path; empty where the path has none. */
  id: string;
  query: Query;
  body: Body;
  /** Whether the sender wants to change a row of this version (If-Match). */
  mayChange: (version: number) => boolean;
  caller: ManagementCaller;
};

export type Outcome<Answer = object> =
  | {
      ok: true;
      answer: Answer;
      /** Of the row, for the ETag. */
      version?: number;
      /** Of a new row, for the Location header. */
      createdId?: string;
    }
  | OutcomeRefusal;

export type OutcomeRefusal = { ok: false; reason: Reason; problems?: readonly PartProblem[] };

/** What is wrong with one part of a request. */
export type PartProblem = Pick<FieldProblem, "expected" | "value" | "allowed"> &
  ({ field: string } | { parameter: string } | { header: string });

type Output<Schema> = Schema extends z.ZodObject ? z.output<Schema> : undefined;

type Definition<Query extends z.ZodObject | undefined, Body extends z.ZodObject | undefined, Answer> = {
  id: string;
  summary: string;
  scope: ManagementScope;
  query?: Query;
  body?: Body;
  answer: Answer;
  status?: 201;
  refusals?: readonly Reason[];
  hasVersion?: true;
  needsMatch?: true;
  run(request: OperationRequest<Output<Query>, Output<Body>>, deps: Deps): Promise<Outcome<Output<Answer>>>;
};

/** Gives `run` the types of the schemas that the operation declares. */
export function operation<
  Answer extends z.ZodObject,
  Query extends z.ZodObject | undefined = undefined,
  Body extends z.ZodObject | undefined = undefined,
>(definition: Definition<Query, Body, Answer>): Operation {
  const { query, body, status = 200, refusals = [], hasVersion = false, needsMatch = false } = definition;
  return { ...definition, query, body, status, refusals, hasVersion, needsMatch } as Operation;
}

export const refusal = (reason: Reason, problems?: readonly PartProblem[]): OutcomeRefusal => ({
  ok: false,
  reason,
  ...(problems === undefined ? {} : { problems }),
});

/** The refusal of an operation of the server: 409 if good values are taken, else 422. */
export const refusedFields = (problems: readonly FieldProblem[]): OutcomeRefusal =>
  refusal(
    problems.every(({ kind }) => kind === "taken") ? "value_taken" : "fields_refused",
    problems.map(({ field, expected, value, allowed }) => ({
      field: `/${field}`,
      expected,
      ...(value === undefined ? {} : { value }),
      ...(allowed === undefined ? {} : { allowed }),
    })),
  );

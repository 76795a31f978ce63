/**
 * Why an operation refuses one field of its input. `expected` is read after the field's name: "must be one line of at
 * most 80 characters".
 */
export type FieldProblem<Field extends string = string> = {
  field: Field;
  /** `taken`: the value is good, and something else holds it already. */
  kind: "missing" | "invalid" | "taken";
  expected: string;
  /** The refused value, or the refused member of a list. Absent for a password and for a missing value. */
  value?: string;
  /** The values that would be accepted, if they can be listed. */
  allowed?: readonly string[];
};

export type FieldProblems<Field extends string> = { ok: false; problems: readonly FieldProblem<Field>[] };

/** The value, or every problem of every field. */
export type Validated<T, Field extends string> = { ok: true; value: T } | FieldProblems<Field>;

export const missing = <Field extends string>(field: Field, expected: string): FieldProblems<Field> => ({
  ok: false,
  problems: [{ field, kind: "missing", expected }],
});

export const invalid = <Field extends string>(
  field: Field,
  expected: string,
  more: Pick<FieldProblem, "value" | "allowed"> = {},
): FieldProblems<Field> => ({ ok: false, problems: [{ field, kind: "invalid", expected, ...more }] });

export const taken = <Field extends string>(field: Field, expected: string, value: string): FieldProblems<Field> => ({
  ok: false,
  problems: [{ field, kind: "taken", expected, value }],
});

/** The problems of all the fields, in their order. */
export const problemsOf = <Field extends string>(
  fields: readonly Validated<unknown, Field>[],
): readonly FieldProblem<Field>[] => fields.flatMap((field) => (field.ok ? [] : field.problems));

import type { FieldProblem, Validated } from "@symbolon/server";
import { suggestion } from "./did-you-mean.ts";
import { Failure, UsageError } from "./failure.ts";

/**
 * How a field of an operation is called on the command line, and what to do when it is refused. `isList`: a message
 * names the refused member of the list right after the flag.
 */
export type FieldWords = { name: string; remedy?: string; isList?: boolean };

/**
 * The value of a validated input. Throws every problem as one error, in the words of the command line: a Failure where
 * a value is taken (exit code 1), a UsageError otherwise (exit code 2).
 */
export function acceptedValue<T, Field extends string>(
  validated: Validated<T, Field>,
  words: Readonly<Record<Field, FieldWords>>,
): T {
  if (validated.ok) return validated.value;
  const { problems } = validated;
  const message = problems.map((problem) => problemText(problem, words[problem.field])).join("\n");
  const remedies = new Set(problems.flatMap(({ field }) => words[field].remedy ?? []));
  const remedy = remedies.size === 0 ? undefined : [...remedies].join("\n");
  if (problems.every(({ kind }) => kind === "taken")) throw new Failure(message, remedy);
  throw new UsageError(message, remedy);
}

const maximumShown = 200;

/** `--type must be confidential or public, not secret.` or `--redirect-uri http://a.example must be https.` */
function problemText({ kind, expected, value, allowed }: FieldProblem, { name, isList }: FieldWords): string {
  if (value === undefined) return `${name} ${expected}.`;
  const shown = value.slice(0, maximumShown);
  if (isList === true || kind === "taken")
    return `${name} ${shown} ${expected}${allowed === undefined ? "" : suggestion(value, allowed)}.`;
  return `${name} ${expected}, not ${shown}.`;
}

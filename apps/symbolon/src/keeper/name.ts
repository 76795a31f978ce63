import { UsageError } from "../command/failure.ts";

/** `symbolon token explain` is a command, so no grant can have the name `explain`. */
const reserved = new Set(["explain", "revoke"]);

/** The name of a grant: a word that needs no quotes in a shell and is no subcommand of `symbolon token`. */
export function readName(text: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(text))
    throw new UsageError(
      `The name of a grant must be letters, digits, - and _, at most 64, not "${text.length > 24 ? `${text.slice(0, 12)}…` : text}".`,
    );
  if (reserved.has(text))
    throw new UsageError(
      `A grant cannot have the name "${text}": symbolon token ${text} is a command.`,
      "Choose another name.",
    );
  return text;
}

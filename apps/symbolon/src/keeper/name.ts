import { UsageError } from "../command/failure.ts";

/** `symbolon token explain` is a command, so `symbolon token NAME` cannot mean a grant of that name. */
const taken = new Set(["explain", "revoke"]);

/** What a grant may be called: a word that needs no quotes in a shell, and is no other command. */
export function readName(text: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(text))
    throw new UsageError(
      `"${text.length > 24 ? `${text.slice(0, 12)}…` : text}" is not the name of a grant: letters, digits, - and _, 64 at most.`,
    );
  if (taken.has(text))
    throw new UsageError(`A grant cannot be called "${text}": symbolon token ${text} is another command.`);
  return text;
}

import { en } from "./en.ts";
import { splitMessage, type MessageName, type Messages } from "./messages.ts";

/** What a file of messages holds: all that is wrong with it, or its messages and the names of those that it lacks. */
export type CheckedMessages =
  | { ok: false; problems: readonly { name: string; message: string }[] }
  | { ok: true; messages: Partial<Messages>; missing: readonly MessageName[] };

const longest = 1000;
/** Controls, and characters that turn the direction of the text behind them. */
const forbidden = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u;

/** Checks the messages of a language that the provider adds, or the changed ones of a language that the pages have. */
export function checkMessages(given: unknown): CheckedMessages {
  if (typeof given !== "object" || given === null || Array.isArray(given))
    return { ok: false, problems: [{ name: "", message: "must be an object of messages by name" }] };
  const problems = Object.entries(given).flatMap(([name, message]: [string, unknown]) => {
    const problem = describeProblem(name, message);
    return problem === undefined ? [] : [{ name, message: problem }];
  });
  if (problems.length > 0) return { ok: false, problems };
  const missing = messageNames.filter((name) => !Object.hasOwn(given, name));
  return { ok: true, messages: given as Partial<Messages>, missing };
}

export const messageNames = Object.keys(en) as readonly MessageName[];

function describeProblem(name: string, message: unknown): string | undefined {
  if (!Object.hasOwn(en, name)) return "is not the name of a message";
  if (typeof message !== "string" || message.trim() === "") return "must be a text";
  if (message.length > longest) return `must have at most ${longest} characters`;
  if (forbidden.test(message)) return "must not have control characters or characters that turn the direction of text";
  const [wanted, found] = [en[name as MessageName], message].map((text) =>
    splitMessage(text)
      .filter((_, at) => at % 2 === 1)
      .toSorted()
      .map((placeholder) => `{${placeholder}}`)
      .join(" "),
  );
  if (wanted === found) return undefined;
  return wanted === "" ? "must have no placeholder" : `must have each of these placeholders once: ${wanted}`;
}

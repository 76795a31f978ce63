import type { Password } from "@symbolon/protocol";
import { validatePassword } from "@symbolon/server";
import { UsageError } from "../command/failure.ts";
import { acceptedValue } from "../command/refused-fields.ts";
import type { Terminal } from "../command/terminal.ts";

/** The text of stdin without the line break at its end. Throws a UsageError without --password-stdin. */
export async function readPasswordInput(
  command: string,
  flags: { "password-stdin": boolean },
  terminal: Terminal,
): Promise<string> {
  if (!flags["password-stdin"])
    throw new UsageError(
      "--password-stdin is needed.",
      `printf %s "$PASSWORD" | symbolon ${command} … --password-stdin`,
    );
  return (await terminal.readInput()).replace(/\r?\n$/, "");
}

export const acceptPassword = (text: string, email: string): Password =>
  acceptedValue(validatePassword(text, email), {
    password: {
      name: "The password",
      remedy: "Send one line on stdin with at least 8 characters. A few words make a good password.",
    },
  });

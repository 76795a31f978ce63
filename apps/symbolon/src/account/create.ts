import { argon2Hasher, registerAccount, validateAccountRegistration } from "@symbolon/server";
import { command, dataFlags } from "../command/command.ts";
import { labelledLines, print } from "../command/print.ts";
import { acceptedValue } from "../command/refused-fields.ts";
import { withSystem } from "../data/open-system.ts";
import { systemRandom } from "../edge/random.ts";
import { acceptPassword, readPasswordInput } from "./password-input.ts";

export const accountCreate = command({
  name: "account create",
  operands: [],
  summary: "create a built-in account that can sign in and consent",
  details: `
Example
  printf %s "$PASSWORD" | symbolon account create --email jo@example.com --password-stdin --resource Company/Acme

The password is read from stdin only: every user of the machine can read the arguments of a process, and the shell
keeps them in its history. --resource Type/Name creates a new resource id with that name, --resource Type/UUID uses an
existing id.`,
  flags: {
    email: { type: "string", value: "EMAIL", summary: "the e-mail address for signing in" },
    "password-stdin": { type: "boolean", summary: "read the password from stdin" },
    resource: {
      type: "string",
      value: "TYPE/NAME",
      multiple: true,
      summary: "a resource that the account can give access to",
    },
    ...dataFlags,
  },
  async run(invocation) {
    const { flags, terminal } = invocation;
    const input = { email: flags.email, resources: flags.resource };
    const registration = acceptedValue(validateAccountRegistration(input, systemRandom), fieldWords);
    const { email, resources } = registration;
    const password = acceptPassword(await readPasswordInput("account create", flags, terminal), email);
    return await withSystem(invocation, { create: true }, async (system) => {
      const passwords = argon2Hasher(system.random, system.keyring);
      const { id } = acceptedValue(
        await registerAccount({ ...registration, password }, { ...system, passwords }),
        takenWords,
      );
      const lines = labelledLines([
        ["sub", id],
        ["email", email],
        ...resources.map(({ name, label }) => ["resource", `${name}  ${label}`] as const),
      ]);
      return print(invocation, { sub: id, email, resources }, lines);
    });
  },
});

const fieldWords = {
  email: { name: "--email", remedy: "For example --email jo@example.com." },
  resources: { name: "--resource", remedy: "For example --resource Company/Acme, or Company/ and an existing UUID." },
};

const takenWords = { email: { name: "--email", remedy: "Use another address, or symbolon account password EMAIL." } };

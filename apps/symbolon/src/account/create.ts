import { argon2Hasher } from "@symbolon/server";
import { command, dataFlags } from "../command/command.ts";
import { Failure, UsageError } from "../command/failure.ts";
import { facts, print } from "../command/print.ts";
import { withSystem } from "../data/open-system.ts";
import { readPassword } from "./read-password.ts";
import { readEmail, registerAccount } from "./register.ts";
import { readResource } from "./resources.ts";

export const accountCreate = command({
  name: "account create",
  operands: [],
  says: "make a built-in account that can sign in and consent",
  more: `
  printf %s "$PASSWORD" | symbolon account create --email jo@example.com --password-stdin --resource Company/Acme

The password comes from stdin only: arguments can be read by every user of the machine, and stay in the shell's history.
--resource is what the account can give access to: Type/Name makes a new id for the name, Type/UUID takes the one you have.`,
  flags: {
    email: { type: "string", value: "EMAIL", says: "what the person signs in with" },
    "password-stdin": { type: "boolean", says: "read the password from stdin" },
    resource: { type: "string", value: "TYPE/NAME", multiple: true, says: "what it can give access to" },
    ...dataFlags,
  },
  async run(ask) {
    const { flags, terminal } = ask;
    const email = readEmail(flags.email);
    const resources = flags.resource.map(readResource);
    if (!flags["password-stdin"])
      throw new UsageError(
        "--password-stdin is needed.",
        'printf %s "$PASSWORD" | symbolon account create … --password-stdin',
      );
    const password = readPassword(await terminal.readInput(), email);
    return await withSystem(ask, { create: true }, async (system) => {
      const account = await registerAccount(
        { email, password, resources },
        system,
        argon2Hasher(system.random, system.keyring),
      );
      if (account === undefined)
        throw new Failure(
          `There is an account with the address ${email} already.`,
          "Sign in with it, or use another address.",
        );
      const lines = facts([
        ["sub", account.id],
        ["email", email],
        ...resources.map(({ name, label }) => ["resource", `${name}  ${label}`] as const),
      ]);
      return print(ask, { sub: account.id, email, resources }, lines);
    });
  },
});

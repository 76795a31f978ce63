import { revokeLeakedTokens } from "@symbolon/server";
import { command, dataFlags } from "../command/command.ts";
import { UsageError } from "../command/failure.ts";
import { print } from "../command/print.ts";
import { withSystem } from "../data/open-system.ts";

export const tokenRevoke = command({
  name: "token revoke",
  operands: ["-"],
  summary: "revoke the grants of leaked tokens and name the users to inform",
  details: `
Example
  symbolon token revoke - < report.txt

Reads any text from stdin (the report of a secret scanner, a log, a commit) and finds every token in it. A token that
this server did not issue changes nothing. For each grant the output names the user and the application.`,
  flags: dataFlags,
  async run(invocation) {
    if (invocation.operands[0] !== "-")
      throw new UsageError("Tokens are read from stdin only.", "symbolon token revoke - < report.txt");
    const text = await invocation.terminal.readInput();
    return await withSystem(invocation, { create: false }, async (system) => {
      const { found, genuine, grants } = await revokeLeakedTokens(text, system);
      const described = grants.map(({ grant, client, subject, changed }) => ({
        grant,
        application: client,
        owner: subject,
        changed,
      }));
      return print(invocation, { found, genuine, grants: described }, [
        `${found} tokens found, ${genuine} of them genuine.`,
        ...grants.map(
          ({ grant, client, subject, changed }) =>
            `${grant} of ${client}, user ${subject ?? "none (client credentials)"}: ${changed ? "revoked" : "was revoked before"}`,
        ),
      ]);
    });
  },
});

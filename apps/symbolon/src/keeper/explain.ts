import { command } from "../command/command.ts";
import { Failure } from "../command/failure.ts";
import { print, printable } from "../command/print.ts";
import { providerOf, readConnection } from "./connection.ts";
import { readName } from "./name.ts";
import { keeperFlags, withKeeper } from "./open.ts";
import { describeStatus } from "./status.ts";

export const keeperExplain = command({
  name: "keeper explain",
  operands: ["NAME"],
  summary: "explain the state of a grant, the provider's last answers and the next step",
  details: `
Example
  symbolon keeper explain gusto

The command sends no request and changes nothing.`,
  flags: keeperFlags,
  async run(invocation) {
    const name = readName(invocation.operands[0]);
    return await withKeeper(invocation, false, async ({ store, vault, keeperOf }) => {
      const connection = await readConnection(name, store, vault);
      if (connection === undefined)
        throw new Failure(`There is no grant ${name}.`, "symbolon keeper status lists the grants.");
      await using keeper = keeperOf([providerOf(connection)]);
      const status = await keeper.status(name);
      const text = await keeper.explain(name);
      return print(
        invocation,
        { ...describeStatus(status, connection), evidence: status.evidence, says: text },
        text.split("\n").map(printable),
      );
    });
  },
});

import { command } from "../command/command.ts";
import { Failure } from "../command/failure.ts";
import { print, printable } from "../command/print.ts";
import { providerOf, readConnection } from "./connection.ts";
import { readName } from "./name.ts";
import { keeperFlags, withKeeper } from "./open.ts";
import { describe } from "./status.ts";

export const keeperExplain = command({
  name: "keeper explain",
  operands: ["NAME"],
  summary: "say how a grant is, what the provider said, and what will happen",
  details: `
  symbolon keeper explain gusto

Nothing is sent and nothing changes.`,
  flags: keeperFlags,
  async run(invocation) {
    const name = readName(invocation.operands[0]);
    return await withKeeper(invocation, false, async ({ store, vault, keeperOf }) => {
      const connection = await readConnection(name, store, vault);
      if (connection === undefined)
        throw new Failure(`There is no grant ${name}.`, "symbolon keeper status lists them.");
      await using keeper = keeperOf([providerOf(connection)]);
      const status = await keeper.status(name);
      const text = await keeper.explain(name);
      return print(
        invocation,
        { ...describe(status, connection), evidence: status.evidence, says: text },
        text.split("\n").map(printable),
      );
    });
  },
});

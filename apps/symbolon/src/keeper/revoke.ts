import { command } from "../command/command.ts";
import { Failure } from "../command/failure.ts";
import { print } from "../command/print.ts";
import { providerOf, readConnection } from "./connection.ts";
import { readName } from "./name.ts";
import { keeperFlags, withKeeper } from "./open.ts";

export const keeperRevoke = command({
  name: "keeper revoke",
  operands: ["NAME"],
  summary: "revoke a grant at the provider and remove its tokens here",
  details: `
Example
  symbolon keeper revoke gusto

No script gets a token of the grant from now on. If the provider does not answer, run the command again. If it has no
revocation endpoint (RFC 7009), the grant ends here only: revoke it on the provider's own page, too.`,
  flags: keeperFlags,
  async run(invocation) {
    const name = readName(invocation.operands[0]);
    return await withKeeper(invocation, false, async ({ store, vault, keeperOf }) => {
      const connection = await readConnection(name, store, vault);
      if (connection === undefined)
        throw new Failure(`There is no grant ${name}.`, "symbolon keeper status lists the grants.");
      const provider = providerOf(connection);
      await using keeper = keeperOf([provider]);
      const revoked = await keeper.revoke(name);
      if (revoked === "pending")
        throw new Failure(
          `${name} is revoked here, but the provider has not confirmed it yet.`,
          `Run it again later: symbolon keeper revoke ${name}`,
        );
      const isTold = provider.revoke !== undefined;
      return print(invocation, { name, state: "dead", told_provider: isTold }, [
        isTold
          ? `${name} is revoked, here and at the provider.`
          : `${name} is revoked here. The provider has no revocation endpoint: revoke it on the provider's page, too.`,
      ]);
    });
  },
});

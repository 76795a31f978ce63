import { command } from "../command/command.ts";
import { Failure } from "../command/failure.ts";
import { print } from "../command/print.ts";
import { providerOf, readConnection } from "./connection.ts";
import { readName } from "./name.ts";
import { keeperFlags, withKeeper } from "./open.ts";

export const keeperRevoke = command({
  name: "keeper revoke",
  operands: ["NAME"],
  summary: "end a grant, here at once and at the provider",
  details: `
  symbolon keeper revoke gusto

From here on no script gets a token of it. Where the provider does not answer, run it again. Where it has no way to be
told (RFC 7009), the grant ends here only: end it on the provider's own page too.`,
  flags: keeperFlags,
  async run(invocation) {
    const name = readName(invocation.operands[0]);
    return await withKeeper(invocation, false, async ({ store, vault, keeperOf }) => {
      const connection = await readConnection(name, store, vault);
      if (connection === undefined)
        throw new Failure(`There is no grant ${name}.`, "symbolon keeper status lists them.");
      const provider = providerOf(connection);
      await using keeper = keeperOf([provider]);
      const revoked = await keeper.revoke(name);
      if (revoked === "pending")
        throw new Failure(
          `${name} is ended here, and the provider has not confirmed it yet.`,
          `Run it again later: symbolon keeper revoke ${name}`,
        );
      const told = provider.revoke !== undefined;
      return print(invocation, { name, state: "dead", told_provider: told }, [
        told
          ? `${name} is ended, here and at the provider.`
          : `${name} is ended here. The provider cannot be told; end it on its own page too.`,
      ]);
    });
  },
});

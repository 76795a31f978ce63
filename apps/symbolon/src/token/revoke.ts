import { parseToken, type GrantId } from "@symbolon/protocol";
import { decideRevoke, nowOf, type Grant } from "@symbolon/server";
import { command, dataFlags } from "../command/command.ts";
import { UsageError } from "../command/failure.ts";
import { print } from "../command/print.ts";
import { withSystem, type System } from "../data/open-system.ts";

/**
 * What a scanner of secrets looks for (SECURITY.md), at any length: a pattern that counts would try anew at each
 * beginning.
 */
const shape = /sym_(?:at|rt|ac)_[A-Za-z0-9_-]*/g;
const tokensIn = (text: string): string[] =>
  [...new Set(text.match(shape) ?? [])].filter((found) => parseToken(found) !== undefined);

export const tokenRevoke = command({
  name: "token revoke",
  operands: ["-"],
  says: "end the grants of tokens that leaked, and say whom to tell",
  more: `
  symbolon token revoke - < report.txt

Reads any text from stdin (a report of a secret scanner, a log, a commit) and takes every token of ours out of it. Made-up
ones are told by their MAC and change nothing. For each grant that ends it names the person and the application.`,
  flags: dataFlags,
  async run(ask) {
    if (ask.operands[0] !== "-")
      throw new UsageError("Tokens are read from stdin only.", "symbolon token revoke - < report.txt");
    const found = tokensIn(await ask.terminal.readInput());
    return await withSystem(ask, { create: false }, async (system) => {
      const genuine = found.filter((token) => isOurs(token, system));
      const ids = [...new Set(genuine.map((token) => parseToken(token)!.pointer.grantId))];
      const grants = (await Promise.all(ids.map((id) => end(id, system)))).filter((ended) => ended !== undefined);
      const answer = { found: found.length, genuine: genuine.length, grants };
      const lines = grants.map(
        ({ grant, application, owner, changed }) =>
          `${grant} of ${application}, allowed by ${owner ?? "itself"}: ${changed ? "revoked" : "was over before"}`,
      );
      return print(ask, answer, [`${found.length} tokens found, ${genuine.length} of them genuine.`, ...lines]);
    });
  },
});

function isOurs(token: string, { keyring }: System): boolean {
  const kind = parseToken(token)?.kind;
  return kind !== undefined && keyring.read(kind, token) !== undefined;
}

async function end(id: GrantId, { store, clock }: System) {
  const grant = await store.grants.find(id);
  if (grant === undefined) return undefined;
  const { events } = await store.grants.change(id, decideRevoke("token_leaked", nowOf(clock)));
  return { grant: id, application: grant.application, owner: await ownerOf(grant, store), changed: events.length > 0 };
}

const ownerOf = async ({ owner }: Grant, store: System["store"]): Promise<string | null> =>
  owner === null ? null : ((await store.accounts.find(owner))?.email ?? owner);

import { offerCodes } from "../harness/population.ts";
import type { Reply } from "../harness/connection.ts";
import type { Tokens } from "../harness/client.ts";
import { inTurns, Ledger, type RaceReport } from "./ledger.ts";
import type { Field } from "./field.ts";

const sideBySide = 25;

/**
 * Presents each code `parallel` times at once, half of them to each process (TK-02, I1). Exactly one succeeds, all
 * others are rejected, and the reuse revokes the tokens of the first.
 */
export async function raceCodes(field: Field, count: number, parallel: number): Promise<RaceReport> {
  const codes = await offerCodes(field.data, field.store, field.client, field.owner, count);
  const ledger = new Ledger(`${parallel} parallel redemptions of a code`, field);
  const redeemed: Tokens[] = [];
  await inTurns(codes, sideBySide, async (code, index) => {
    const replies = await Promise.all(
      Array.from({ length: parallel }, (_, presenter) => field.redeem(index + presenter, code)),
    );
    const good = replies.filter(({ status }) => status === 200);
    ledger.expect(good.length === 1, `code ${index} was redeemed ${good.length} times`);
    ledger.expect(
      replies.every((reply) => reply.status === 200 || isInvalidGrant(reply)),
      `code ${index} was refused as ${strangest(replies)}`,
    );
    redeemed.push(...good.map(({ body }) => JSON.parse(body) as Tokens));
    const { state, revokedBecause, generation } = await field.grantOf(code, "code");
    ledger.expect(
      state === "revoked" && revokedBecause === "code_replayed" && generation === 1,
      `grant ${index} is ${state}, ${revokedBecause}, generation ${generation}`,
    );
  });
  for (const process of [0, 1]) {
    const verdicts = await field.areActive(
      process,
      redeemed.map(({ access_token }) => access_token),
    );
    ledger.expect(
      !verdicts.includes(true),
      `${verdicts.filter(Boolean).length} tokens of a replayed code are alive at process ${process}`,
    );
  }
  return ledger.close(codes.length);
}

export const isInvalidGrant = ({ status, body }: Reply): boolean =>
  status === 400 && body.includes('"error":"invalid_grant"');

const strangest = (replies: readonly Reply[]): string => {
  const strange = replies.find((reply) => reply.status !== 200 && !isInvalidGrant(reply));
  return strange === undefined ? "" : `${strange.status} ${strange.body}`;
};

import type { Tokens } from "../harness/client.ts";
import { activateGrants } from "../harness/population.ts";
import { generationOf } from "../harness/registration.ts";
import { isInvalidGrant } from "./codes.ts";
import type { Field } from "./field.ts";
import { inTurns, Ledger, type RaceReport } from "./ledger.ts";

const sideBySide = 10;

/**
 * Presents each refresh token `presenters` times at once, half of them to each process, under `lazy` (TK-12, I2, S1,
 * S2). All get the same successor, and so do they when all present that one: no client is signed out, and there is one
 * token family. Then the spent token is presented again after delivery, which ends the grant.
 */
export async function raceRefreshes(field: Field, count: number, presenters: number): Promise<RaceReport> {
  const first = await activateGrants(field.data, field.store, field.client, field.owner, count);
  const ledger = new Ledger(`${presenters} presenters of a refresh token, two rounds`, field);
  const received: string[] = [];
  await inTurns(first, sideBySide, async ({ refresh_token: spent }, index) => {
    const presentAll = async (tokens: readonly string[], generation: number): Promise<Tokens[]> => {
      const replies = await Promise.all(tokens.map((token, presenter) => field.refresh(index + presenter, token)));
      const good = replies.filter(({ status }) => status === 200).map(({ body }) => JSON.parse(body) as Tokens);
      ledger.expect(
        good.length === presenters,
        `${presenters - good.length} of ${presenters} presenters of grant ${index} were signed out at generation ${generation}`,
      );
      const successors = new Set(good.map(({ refresh_token }) => refresh_token));
      ledger.expect(successors.size === 1, `grant ${index} has ${successors.size} successors`);
      ledger.expect(
        [...successors].every((token) => generationOf(token) === generation),
        `grant ${index} went to another generation than ${generation}`,
      );
      received.push(...good.map(({ access_token }) => access_token));
      return good;
    };
    const second = await presentAll(Array<string>(presenters).fill(spent), 2);
    const third = await presentAll(
      second.map(({ refresh_token }) => refresh_token),
      3,
    );
    const { state, generation, replays } = await field.grantOf(spent, "refresh");
    ledger.expect(
      state === "active" && generation === 3 && replays === presenters - 1,
      `grant ${index} is ${state}, generation ${generation}, with ${replays} replays`,
    );
    await expectReuseEnds(field, ledger, { index, spent, third });
  });
  for (const process of [0, 1]) {
    const verdicts = await field.areActive(process, received);
    ledger.expect(
      !verdicts.includes(true),
      `${verdicts.filter(Boolean).length} access tokens are alive after reuse, at process ${process}`,
    );
  }
  return ledger.close(count);
}

/**
 * Uses the newest access token at one process, which proves delivery. Presenting the spent token after that ends the
 * grant.
 */
async function expectReuseEnds(
  field: Field,
  ledger: Ledger,
  { index, spent, third }: { index: number; spent: string; third: Tokens[] },
): Promise<void> {
  const newest = third[0];
  if (newest === undefined) return;
  ledger.expect(await field.isActive(index, newest.access_token), `the newest access token of grant ${index} is dead`);
  ledger.expect(isInvalidGrant(await field.refresh(index + 1, spent)), `grant ${index} went on after reuse`);
  const { state, revokedBecause } = await field.grantOf(spent, "refresh");
  ledger.expect(
    state === "revoked" && revokedBecause === "refresh_token_reuse",
    `grant ${index} is ${state}, ${revokedBecause} after reuse`,
  );
  ledger.expect(
    isInvalidGrant(await field.refresh(index, newest.refresh_token)),
    `the newest refresh token of grant ${index} survived reuse`,
  );
}

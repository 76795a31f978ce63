import type { Tokens } from "../harness/client.ts";
import { activateGrants } from "../harness/population.ts";
import { isInvalidGrant } from "./codes.ts";
import type { Field } from "./field.ts";
import { inTurns, Ledger, type RaceReport } from "./ledger.ts";

const sideBySide = 60;
const chunk = 2_000;

/** The order of sending. */
const orders = [
  ["revoke", "refresh", "refresh"],
  ["refresh", "revoke", "refresh"],
  ["refresh", "refresh", "revoke"],
] as const;

/**
 * Runs a revocation and two refreshes at once, over both processes (TK-13, RV-01, I5, S4). Requests that start after
 * the acknowledgement fail at both processes, even while the refreshes are under way; in the end no issued token is
 * active.
 */
export async function raceRevocations(field: Field, count: number): Promise<RaceReport> {
  const ledger = new Ledger("revocation racing two refreshes", field);
  for (let from = 0; from < count; from += chunk) {
    const grants = await activateGrants(
      field.data,
      field.store,
      field.client,
      field.owner,
      Math.min(chunk, count - from),
    );
    const received: Tokens[] = [];
    await inTurns(
      grants,
      sideBySide,
      async (first, index) => void received.push(...(await race(field, ledger, first, from + index))),
    );
    await expectAllDead(field, ledger, received);
  }
  return ledger.close(count);
}

async function race(field: Field, ledger: Ledger, first: Tokens, index: number): Promise<Tokens[]> {
  const revokeAt = index >> 1;
  let refreshes = 0;
  const rotated: Promise<Tokens[]>[] = [];
  let ended: Promise<void> = Promise.resolve();
  for (const step of orders[index % orders.length]!) {
    if (step === "revoke") ended = revokeAndAsk(field, ledger, first, revokeAt);
    else rotated.push(refreshOnce(field, ledger, first.refresh_token, index + refreshes++));
  }
  const [, ...received] = await Promise.all([ended, ...rotated]);
  return [first, ...received.flat()];
}

/** Asks the other process in the same turn in which the acknowledgement arrives. */
async function revokeAndAsk(field: Field, ledger: Ledger, first: Tokens, revokeAt: number): Promise<void> {
  const { status, body } = await field.revoke(revokeAt, first.refresh_token);
  ledger.expect(status === 200 && body === "{}", `a revocation was answered with ${status} ${body}`);
  const [isActive, refreshed] = await Promise.all([
    field.isActive(revokeAt + 1, first.access_token),
    field.refresh(revokeAt + 1, first.refresh_token),
  ]);
  ledger.expect(!isActive, "an access token was alive just after the acknowledged revocation");
  ledger.expect(
    isInvalidGrant(refreshed),
    `a refresh token brought ${refreshed.status} just after the acknowledged revocation`,
  );
}

async function refreshOnce(field: Field, ledger: Ledger, refreshToken: string, at: number): Promise<Tokens[]> {
  const reply = await field.refresh(at, refreshToken);
  if (reply.status === 200) return [JSON.parse(reply.body) as Tokens];
  ledger.expect(isInvalidGrant(reply), `a refresh was answered with ${reply.status} ${reply.body}`);
  return [];
}

async function expectAllDead(field: Field, ledger: Ledger, received: readonly Tokens[]): Promise<void> {
  for (const process of [0, 1]) {
    const verdicts = await field.areActive(
      process,
      received.map(({ access_token }) => access_token),
    );
    for (const isActive of verdicts)
      ledger.expect(!isActive, `an access token is alive at process ${process} after the revocation`);
  }
  const refreshTokens = [...new Set(received.map(({ refresh_token }) => refresh_token))];
  await inTurns(refreshTokens, 100, async (token, index) =>
    ledger.expect(isInvalidGrant(await field.refresh(index, token)), "a refresh token is alive after the revocation"),
  );
}

import { explainReason, Sealed, type TokenKind } from "@symbolon/protocol";
import { explainToken, nowOf, type KeyringKey, type TokenExplanation } from "@symbolon/server";
import { command, dataFlags } from "../command/command.ts";
import { UsageError } from "../command/failure.ts";
import { labelledLines, print, timeText } from "../command/print.ts";
import { withSystem } from "../data/open-system.ts";
import { describeGrant, stateText } from "../grant/grant-view.ts";

export const tokenExplain = command({
  name: "token explain",
  operands: ["TOKEN"],
  summary: "show what a token is, and why it would be refused",
  details: `
Examples
  symbolon token explain sym_at_…
  symbolon token explain -          reads it from stdin, which keeps it out of the shell's history

Nothing changes: explaining a token does not count as using it. The exit code is 0 for a good and a refused token.`,
  flags: dataFlags,
  async run(invocation) {
    const given = invocation.operands[0];
    const token = (given === "-" ? await invocation.terminal.readInput() : given).trim();
    if (token === "")
      throw new UsageError("There is no token on stdin.", 'printf %s "$TOKEN" | symbolon token explain -');
    return await withSystem(invocation, { create: false }, async ({ store, keyring, clock }) => {
      const explained = await explainToken(new Sealed(token), { store, keyring, clock });
      const now = nowOf(clock);
      return print(invocation, describe(explained, now), lines(explained, now));
    });
  },
});

const kindText: Record<TokenKind, string> = {
  access: "an access token",
  refresh: "a refresh token",
  code: "an authorization code",
};

const positionText = {
  ahead: "newer than the newest of the grant",
  head: "the newest of the grant",
  predecessor: "used: one generation older than the newest",
  ancestor: "used: two or more generations older than the newest",
} as const;

function describe(
  { kind, key, generation, issuedAt, expiresAt, application, position, family, row, verdict }: TokenExplanation,
  now: number,
) {
  return {
    kind: kind ?? null,
    good: verdict.good,
    ...(verdict.good
      ? { note: verdict.note ?? null }
      : { reason: verdict.reason, note: verdict.note ?? null, ...reasonMembers(verdict.reason) }),
    key: key ?? null,
    generation: generation ?? null,
    issued_at: issuedAt ?? null,
    expires_at: expiresAt ?? null,
    place: position ?? null,
    lineage: family ?? null,
    client_id: application?.id ?? null,
    grant: row === undefined ? null : describeGrant(row, now),
  };
}

function reasonMembers(reason: Parameters<typeof explainReason>[0]) {
  const { error, message, remedy, clause } = explainReason(reason);
  return { error, says: message, remedy, clause };
}

function lines(explained: TokenExplanation, now: number): string[] {
  const { kind, key, grant, generation, issuedAt, expiresAt, application, position, row, verdict } = explained;
  const table = labelledLines([
    ["this is", kind === undefined ? "not a Symbolon token: wrong prefix, length or characters" : kindText[kind]],
    ["key", key === undefined ? undefined : keyText(key)],
    ["grant", grant],
    ["state", row === undefined ? undefined : stateText(row, now)],
    ["application", application === undefined ? row?.application : `${application.name} (${application.id})`],
    ["user", row === undefined ? undefined : (row.owner ?? "none: client credentials")],
    [
      "generation",
      position === undefined
        ? row?.owner === null
          ? undefined
          : generation?.toString()
        : `${generation}, ${positionText[position]}`,
    ],
    ["issued", issuedAt === undefined || key?.genuine !== true ? undefined : timeText(issuedAt)],
    ["expires", expiresAt === undefined ? undefined : timeText(expiresAt)],
  ]);
  return [...table, "", ...verdictLines(verdict)];
}

const keyText = ({ id, genuine }: { id: KeyringKey["id"]; genuine: boolean }): string =>
  genuine
    ? `${id}, the signature is valid`
    : `${id}, the signature is NOT valid: the token is forged or altered, or the key was dropped`;

function verdictLines(verdict: TokenExplanation["verdict"]): string[] {
  if (verdict.good) return [`It would be accepted${verdict.note === undefined ? "" : `: ${verdict.note}`}.`];
  const { error, says, remedy, clause } = reasonMembers(verdict.reason);
  return [
    `It would be refused with ${error} (${verdict.reason}, ${clause}).`,
    ...(verdict.note === undefined ? [] : [`${verdict.note[0]!.toUpperCase()}${verdict.note.slice(1)}.`]),
    says,
    remedy,
  ];
}

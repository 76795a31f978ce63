/**
 * States that a run of many seeds must have reached, each at least once: a test that never gets there proves nothing.
 * The simulator reports them by name.
 */
export const rareStates = [
  "replay after a lost answer",
  "replay of a duplicated request",
  "replay by intent under strict",
  "replay by a second process",
  "reuse detected",
  "late retry",
  "two requests rotate one token at once",
  "code replay revokes",
  "code guessed",
  "revoked between find and change",
  "token died between inspection and first use",
  "commit unknown, yet done",
  "commit refused",
  "crash before commit",
  "crash after commit",
  "decision taken twice",
  "restore",
  "caught up by refresh",
  "caught up by use",
  "refresh of a grant that the backup knows only as offered",
  "revocation undone by a restore",
  "window closed by time",
  "grant expired",
  "token revoked singly",
  "clock set back",
  "swept",
  "narrowed",
  "signed under another key",
] as const;

export type RareState = (typeof rareStates)[number];

/** A word or phrase that is not used, and what to say instead. */
export type Word = { not: string; but: string };

/**
 * Not in prose, and not as a part of a name. Plain words are what an OAuth or Node engineer would search for. @see
 * docs/reference/glossary.md
 */
export const words: readonly Word[] = [
  { not: "whoever", but: 'who is meant: "the client that …", "the operator", "a user who …"' },
  { not: "nobody", but: 'what does not happen, or "no client", "no user"' },
  { not: "whatever", but: '"any", "every", or what it is' },
  { not: "whichever", but: 'which one: "the first of the two"' },
  { not: "somebody", but: 'who is meant: "a user", "an attacker", "another process"' },
  { not: "of whom", but: "it in a second sentence" },
  { not: "whosoever", but: "who is meant" },
  { not: "hereupon", but: "then" },
  { not: "thereupon", but: "then" },
  { not: "whereupon", but: "then, in a second sentence" },
  { not: "therein", but: "in it" },
  { not: "thereof", but: "of it" },
  { not: "wherein", but: "in which" },
  { not: "whereby", but: "by which" },
  { not: "albeit", but: "but" },
  { not: "lest", but: "so that … not" },
  { not: "thus", but: "so" },
  { not: "heretofore", but: "until now" },
  { not: "stranger", but: '"an unknown client", "an attacker", "another party"' },
  { not: "the world", but: "what is meant: the clock, randomness, the network, storage" },
  { not: "lineage", but: "token family" },
  { not: "straggler", but: "late retry" },
  { not: "spool", but: "outbox" },
  { not: "standing grant", but: "client-credentials grant" },
  { not: "whyDeaf", but: "describeListenError" },
  { not: "flown", but: "RefreshAttempt" },
  { not: "cutFree", but: "copyString" },
  { not: "kit", but: "what the values are, or pass them one by one" },
];

/** Not as a name in code; in prose they are words like others. */
export const wordsInCode: readonly Word[] = [
  { not: "Soon", but: "MaybePromise" },
  { not: "told", but: "the event or the function: emitAuthFailed, reported" },
  { not: "stays", but: "unchanged" },
  { not: "alone", but: "singleFlight" },
  { not: "believe", but: "recordFailure, or what is trusted" },
  { not: "learn", but: "what is noted: noteClockOffset" },
];

/** `path:word` of legitimate uses, and the reason. */
export const allowedWords: Readonly<Record<string, string>> = {
  "CHANGELOG.md:straggler": "the former name of an event",
  "CHANGELOG.md:spool": "the former name of an option",
  "apps/symbolon/src/keeper/place.ts:spool": "the name of a directory on users' disks",
  "apps/symbolon/src/token/explain.ts:lineage": "a key of the JSON that scripts read",
  "apps/symbolon/test/keeper-storing.test.ts:spool": "the name of a directory on users' disks",
  "packages/client/src/keeper/store-tokens.ts:spool": "sealed files on users' disks are bound to this text",
  "docs/shell-scripts.md:spool": "the name of a directory on users' disks",
};

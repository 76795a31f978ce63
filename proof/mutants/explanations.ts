/** Why no test notices a mutant. It is found by its source text: `line` is a part of the line on which it begins. */
export type Explanation = {
  /** How its path ends. */
  file: string;
  line: string;
  /** What is replaced, and by what; left out where the reason holds for every mutant of the line. */
  from?: string;
  to?: string;
  /** `equivalent`: no input and no order of events can tell the two apart. */
  kind: "equivalent" | "survivor";
  why: string;
};

const explanations: readonly Explanation[] = [
  {
    file: "introspect/batch.ts",
    line: "const inactiveTokens =",
    kind: "equivalent",
    why: "`countForged` counts no token that this server issued, and an active one is issued by it: the filter saves the second check of its MAC.",
  },
  {
    file: "introspect/introspect.ts",
    line: "const retryAfterSeconds =",
    from: "answer.active",
    to: "false",
    kind: "equivalent",
    why: "As in batch.ts: `countForged` does not count an active token.",
  },
  {
    file: "introspect/caller.ts",
    line: "/^bearer",
    from: 'request.authorization ?? ""',
    kind: "equivalent",
    why: "The pattern is tried on the word `undefined`, which it does not match either; the types want a text.",
  },
  {
    file: "introspect/caller.ts",
    line: "resource !== null &&",
    from: "resource !== null",
    kind: "equivalent",
    why: "A list of audiences holds no `null`; the types want the comparison.",
  },
  {
    file: "clients/authenticate.ts",
    line: "const decoySecrets",
    to: "[]",
    kind: "survivor",
    why: "No answer changes, only the time of one comparison of 32 bytes. A test counts the digests, which cost far more; none measures time.",
  },
  {
    file: "clients/client-registration.ts",
    line: "const assumedType =",
    kind: "equivalent",
    why: "The type is only compared with `public`, so that any other value stands for `confidential`.",
  },
  {
    file: "server/src/grants/token-family.ts",
    line: 'const settles = policy.preset === "lazy"',
    from: "grant.confirmedAt !== null",
    to: "true",
    kind: "equivalent",
    why: "Under `lazy`, a generation that was not used is `overlap`, which the line before returns.",
  },
  {
    file: "server/src/grants/token-family.ts",
    line: 'policy.preset === "window" || (policy.preset === "strict"',
    from: 'policy.preset === "strict"',
    to: "true",
    kind: "equivalent",
    why: "Only `lazy` is left. With an intent and without a use its state is `overlap`, which has not expired.",
  },
  {
    file: "server/src/grants/token-family.ts",
    line: 'return policy.preset === "window" && now <',
    from: 'policy.preset === "window"',
    to: "true",
    kind: "equivalent",
    why: "Only `strict` is left. It has no `seconds`: no time is before `NaN`.",
  },
  {
    file: "server/src/grants/refresh.ts",
    line: "const repeatsBody = repeatsToken",
    kind: "equivalent",
    why: "Without `repeatsToken`, `issuedAt` is `now`, so both outcomes of `repeatsBody` give the same result; the other presets have no `seconds`, and no time is before `NaN`.",
  },
  {
    file: "server/src/grants/confirm.ts",
    line: "if (grant === undefined) return unchanged(false)",
    from: "grant === undefined",
    to: "false",
    kind: "equivalent",
    why: "`judgeAccessToken` finds no grant inactive too; the line is there for the types.",
  },
  {
    file: "server/src/grants/confirm.ts",
    line: "if (!verdict.active ||",
    from: "!verdict.active",
    to: "false",
    kind: "equivalent",
    why: "An inactive verdict has no `confirms`; the operand is there for the types.",
  },
  {
    file: "server/src/grants/revoke-access-token.ts",
    line: "verdict.active && verdict.confirms",
    from: "verdict.active",
    to: "true",
    kind: "equivalent",
    why: "An inactive verdict has no `confirms`; the operand is there for the types.",
  },
  {
    file: "server/src/grants/revoke-grants.ts",
    line: "const grants = await store.grants.list({",
    from: "before === undefined",
    to: "false",
    kind: "equivalent",
    why: "A `before` that is undefined and one that is absent mean the same to every store; the types tell them apart.",
  },
  {
    file: "keyring/hmac-keyring.ts",
    line: "at < blockLength",
    kind: "equivalent",
    why: "The byte after the block is written over by each message; an empty message does not use it.",
  },
  {
    file: "keyring/hmac-keyring.ts",
    line: "const bytes = typeof message",
    to: "true",
    kind: "equivalent",
    why: "`Buffer.from` copies bytes too: only a copy is saved.",
  },
  {
    file: "keyring/hmac-keyring.ts",
    line: "const padded = bytes.length <= usualLength",
    kind: "equivalent",
    why: "Both ways hash the same bytes; the first saves a buffer.",
  },
];

export const explanationOf = (
  file: string,
  { line, from, to }: { line: string; from: string; to: string },
): Explanation | undefined =>
  explanations.find(
    (one) => file.endsWith(one.file) && line.includes(one.line) && (one.from ?? from) === from && (one.to ?? to) === to,
  );

export const isEquivalent = (file: string, mutant: { line: string; from: string; to: string }): boolean =>
  explanationOf(file, mutant)?.kind === "equivalent";

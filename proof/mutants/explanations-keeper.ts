import type { Explanation } from "./explanations.ts";

const equivalent = (file: string, line: string, change: { from?: string; to?: string }, why: string): Explanation => ({
  file: `keeper/${file}`,
  line,
  ...change,
  kind: "equivalent",
  why,
});
const survivor = (...given: Parameters<typeof equivalent>): Explanation => ({
  ...equivalent(...given),
  kind: "survivor",
});

const forTypes = "It is never undefined here; the operand is there for the types.";
const onceMore = "A limit of rounds that ends what would never end: one round more makes no difference to anybody.";

/** Why no test notices a mutant of packages/client/src/keeper. */
export const keeperExplanations: readonly Explanation[] = [
  equivalent(
    "adopt.ts",
    "adopted.includes(name)",
    { from: "before !== undefined", to: "true" },
    "Without a record `adopted` is empty; the operand is there for the types.",
  ),
  equivalent(
    "adopt.ts",
    "const sealedShape",
    { to: "undefined" },
    "The function is never called: only its type is compared.",
  ),
  equivalent(
    "adopt.ts",
    "tokens.lifetimeSeconds ?? 1",
    { to: "tokens.lifetimeSeconds" },
    "`undefined <= 0` is false, as `1 <= 0` is; the types want a number.",
  ),
  equivalent(
    "adopt.ts",
    "} catch {",
    { from: "{ return undefined; }" },
    "A function that ends without `return` gives `undefined`.",
  ),
  equivalent(
    "adopt.ts",
    "if (older !== undefined) await replace(",
    { to: "true" },
    "`replace` does nothing for what is no id; the operand is there for the types.",
  ),
  equivalent(
    "clients.ts",
    'entry?.value ?? ""',
    { to: "entry?.value" },
    "`JSON.parse` rejects `undefined` like an empty text; the types want a text.",
  ),
  equivalent(
    "clients.ts",
    "const isRefusedClient",
    { from: 'outcome.kind === "refused"', to: "true" },
    "Only a refusal has the member `about`; the operand is there for the types.",
  ),
  equivalent(
    "clients.ts",
    "const waitMs = client.paused",
    {},
    "A paused client always has a wait; the types do not know that.",
  ),
  equivalent(
    "clock-offsets.ts",
    "Number.isFinite(offsetMs)",
    { from: "offsetMs !== undefined", to: "true" },
    "`undefined` is not finite; the operand is there for the types.",
  ),
  equivalent(
    "clock-offsets.ts",
    '"clockOffsetMs" in dated',
    { to: "true" },
    "A member that is not there is `undefined` too; the operand is there for the types.",
  ),
  survivor("close.ts", "round < mostRounds", { from: "round < mostRounds" }, onceMore),
  equivalent(
    "close.ts",
    "round < mostRounds",
    { from: "context.singleFlight.size > 0" },
    "A round without a task ends at once.",
  ),
  equivalent(
    "decide.ts",
    "const isDue",
    { from: "record.refreshAfterMs ?? Infinity" },
    "No age is at or above `undefined`, and none at or above `Infinity`.",
  ),
  equivalent(
    "decide.ts",
    "?.clientGeneration ?? 0",
    { to: "findProvider(context, record)?.clientGeneration" },
    "No generation is below `undefined`, and none below 0.",
  ),
  equivalent(
    "events.ts",
    "onEvent?.(event)",
    { to: "onEvent(event)" },
    "It is called inside of `try`, whose `catch` ignores every error.",
  ),
  equivalent(
    "fetch.ts",
    "input instanceof Request",
    { to: "true" },
    "A text and a URL have none of the members that are read of a `Request`.",
  ),
  equivalent(
    "fetch.ts",
    '"www-authenticate") ?? ""',
    {},
    "The pattern is tried on the word `null`, which it does not match either; the types want a text.",
  ),
  equivalent(
    "grants.ts",
    ".catch(() => undefined)",
    { from: "undefined", to: "undefined" },
    "The mutant is the original.",
  ),
  equivalent("judge.ts", "failure.retryAfterMs || 0", { from: "0" }, "`Math.min` takes `false` for 0."),
  equivalent(
    "judge.ts",
    "refusals > confirmations",
    { to: "refusals >= confirmations" },
    "Two to the power of 0 is 1.",
  ),
  equivalent(
    "judge.ts",
    '"description" in failure',
    { to: "true" },
    "A member that is not there is `undefined` too; the operand is there for the types.",
  ),
  equivalent(
    "judge.ts",
    "const finiteSeconds",
    { from: "lifetimeSeconds !== undefined", to: "true" },
    "`undefined < Infinity` is false; the operand is there for the types.",
  ),
];

import type { EpochSeconds, GrantId } from "@symbolon/protocol";
import type { Change, Grant } from "@symbolon/server";
import type { Books, GrantFacts, TokenFacts } from "./books.ts";
import type { RareState } from "./rare-states.ts";
import type { Call } from "./wire.ts";

/** One call on its way through one server. */
export type Visit = {
  call: Call;
  node: number;
  /** The restores that had happened when it began. */
  era: number;
  /** Wall time as this server read it last. */
  now: EpochSeconds;
  /** The tokens in the call that we gave out. */
  known: readonly TokenFacts[];
  /** Those of them that must be inactive from the start. */
  dead: ReadonlySet<TokenFacts>;
  /** Those that turned out dead when their first use was to be noted. */
  died: Set<TokenFacts>;
  storeFailed: boolean;
  /** Calls to the table of grants. */
  grantCalls: number;
  writes: number;
  /** The grant as the call read it before it decided. */
  found: Grant | undefined;
};

/** One decision under the store's lock, about to be committed. */
export type Step = { id: GrantId; before: Grant | undefined; change: Change<unknown>; now: EpochSeconds };

/** What a check of the oracle knows, and where it reports a violation or a rare state. */
export interface Findings {
  readonly books: Books;
  readonly hasClockMoved: boolean;
  fail(invariant: string, message: string): void;
  saw(state: RareState): void;
  /** Whether the grant may have been ended as stolen. */
  mayBeTakenForTheft(grant: GrantFacts): boolean;
  /** Whether scope and audiences are within the consent. */
  isWithin(grant: GrantFacts, scope: readonly string[], audiences: readonly string[]): boolean;
}

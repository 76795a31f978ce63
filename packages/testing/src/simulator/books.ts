import type { EpochSeconds, GrantId, Scope } from "@symbolon/protocol";
import type { GrantModel } from "./grant-model.ts";

/** What the oracle knows of a grant, told by nobody's row. */
export type GrantFacts = {
  id: GrantId;
  client: string;
  scope: Scope;
  audiences: readonly string[];
  code: string;
  /** As it was when the code went out. */
  offered(): GrantModel;
  /** Moves with each committed step. */
  model: GrantModel;
  /** Redemptions that the server answered with tokens. */
  redemptions: number;
  /** What each refresh token brought. */
  successors: Map<string, string>;
  /** Who asked for the head. */
  rotatedBy: string | undefined;
  isRevocationAcknowledged: boolean;
  /** Whether the client itself asked for the end. */
  isSignedOut: boolean;
  /** Why nobody promises its honest client anything any more: theft, or what cannot be told from it (A9). */
  disturbed: string | undefined;
  /** Whether copies of a spent token may be under way, which only the settling time tells from theft. */
  hasStrays: boolean;
  /** Younger than the backup that was restored. */
  isLost: boolean;
};

export type TokenFacts = {
  kind: "code" | "refresh" | "access";
  /** undefined: a client-credentials grant. */
  grant: GrantFacts | undefined;
  client: string;
  generation: number;
  /** The number of its narrowing. */
  variant: number;
  issuedAt: EpochSeconds;
  expiresAt: EpochSeconds;
  scope: Scope;
  audiences: readonly string[];
  /** Its end, or its grant's, was acknowledged. */
  isDead: boolean;
  /** It was answered to be inactive, and not because of the time. */
  wasInactive: boolean;
  /** The restores that had happened when it was issued. */
  era: number;
};

/** Everything that was given out, by the text of the token. */
export class Books {
  readonly grants = new Map<GrantId, GrantFacts>();
  readonly tokens = new Map<string, TokenFacts>();
  /** Counts the restored backups. */
  era = 0;

  /**
   * Answers a function that makes true again what is true now: what the documents say of a restored backup. `rows` are
   * the grants in it; the code of the youngest of them may still be on its way.
   */
  remember(rows: ReadonlySet<GrantId>): () => void {
    const grants = new Map(
      [...this.grants].map(([id, { model, redemptions, isRevocationAcknowledged }]) => [
        id,
        { model: model.copy(), redemptions, isRevocationAcknowledged },
      ]),
    );
    const tokens = new Map([...this.tokens].map(([text, { isDead, wasInactive }]) => [text, { isDead, wasInactive }]));
    return () => {
      this.era++;
      for (const [id, facts] of this.grants) {
        const then = grants.get(id);
        if (then !== undefined) Object.assign(facts, { ...then, model: then.model.copy() });
        else if (rows.has(id))
          Object.assign(facts, { model: facts.offered(), redemptions: 0, isRevocationAcknowledged: false });
        else facts.isLost = true;
      }
      for (const [text, facts] of this.tokens)
        Object.assign(facts, tokens.get(text) ?? { isDead: false, wasInactive: false });
    };
  }

  tokensOf(grant: GrantFacts, kind: TokenFacts["kind"]): string[] {
    return [...this.tokens].flatMap(([text, facts]) => (facts.grant === grant && facts.kind === kind ? [text] : []));
  }
}

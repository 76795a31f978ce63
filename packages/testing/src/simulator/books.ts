import type { EpochSeconds, GrantId, Scope } from "@symbolon/protocol";
import type { GrantModel } from "./grant-model.ts";

/** What the oracle knows of a grant, from answers only, not from rows. */
export type GrantFacts = {
  id: GrantId;
  client: string;
  scope: Scope;
  audiences: readonly string[];
  code: string;
  /** As it was when the code was issued. */
  offered(): GrantModel;
  /** Updated with each committed step. */
  model: GrantModel;
  /** Redemptions that the server answered with tokens. */
  redemptions: number;
  /** The successor that each refresh token got. */
  successors: Map<string, string>;
  /** The client that requested the head. */
  rotatedBy: string | undefined;
  isRevocationAcknowledged: boolean;
  /** Whether the client itself revoked it. */
  isSignedOut: boolean;
  /** Why its honest client is not guaranteed service any more: theft, or what cannot be told from it (A9). */
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
  /** The end of the token or of its grant was acknowledged. */
  isDead: boolean;
  /** It was answered as inactive, and not because of the time. */
  wasInactive: boolean;
  /** The number of restores before it was issued. */
  era: number;
};

/** Every token that was issued, by its text. */
export class Books {
  readonly grants = new Map<GrantId, GrantFacts>();
  readonly tokens = new Map<string, TokenFacts>();
  /** Counts the restored backups. */
  era = 0;
  /** Counts the authorization requests: each has a state of its own, or it would get the code of the one before. */
  requests = 0;

  /**
   * Returns a function that restores what is true now: what the documents say of a restored backup. `rows` are the
   * grants in it; the code of the youngest of them may still be on its way.
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

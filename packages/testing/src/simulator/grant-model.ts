import { LineageModel, type Lives, type Outcome, type Preset } from "./lineage-model.ts";

export type Redemption = "redeemed" | "code replay" | "code guessed" | "counted" | "refused";

const verifierTries = 5;

/**
 * What a grant should do from its code to its end: the model of its lineage, and what comes before there is one. Knows
 * nothing of tokens, rows or stores. The simulator compares every committed step with it, the properties every answer.
 */
export class GrantModel {
  readonly preset: Preset;
  readonly #codeEndsAt: number;
  readonly #lives: Lives;
  #lineage: LineageModel | undefined;
  #failures = 0;
  #isEnded = false;

  constructor(preset: Preset, codeEndsAt: number, lives: Lives) {
    this.preset = preset;
    this.#codeEndsAt = codeEndsAt;
    this.#lives = lives;
  }

  copy(): GrantModel {
    const copy = new GrantModel(this.preset, this.#codeEndsAt, this.#lives);
    copy.#lineage = this.#lineage?.copy();
    copy.#failures = this.#failures;
    copy.#isEnded = this.#isEnded;
    return copy;
  }

  /** 0 until the code is redeemed, as in the row. */
  get head(): number {
    return this.#lineage?.head ?? 0;
  }

  get isDelivered(): boolean {
    return this.#lineage?.isDelivered ?? false;
  }

  get isRevoked(): boolean {
    return this.#isEnded || (this.#lineage?.isRevoked ?? false);
  }

  isDead(now: number): boolean {
    return this.isRevoked || (this.#lineage?.isDead(now) ?? now >= this.#lives.endsAt);
  }

  /** `fits`: client, redirect URI, scope and resource are right; `isVerifierRight` counts only where they are. */
  redeem(fits: boolean, isVerifierRight: boolean, now: number): Redemption {
    if (!fits || this.isDead(now)) return "refused";
    if (this.#lineage === undefined && now >= this.#codeEndsAt) return "refused";
    if (!isVerifierRight) return this.#countFailure();
    if (this.#lineage !== undefined) {
      this.#isEnded = true;
      return "code replay";
    }
    this.#lineage = new LineageModel(this.preset, now, this.#lives);
    return "redeemed";
  }

  refresh(generation: number, key: string | undefined, isScopeFit: boolean, now: number): Outcome {
    if (this.isDead(now) || !isScopeFit) return "refused";
    return this.#lineageFromBackup(now).present(generation, key, isScopeFit, now);
  }

  use(generation: number, issuedAt: number, now: number): boolean {
    if (this.isDead(now) || now - issuedAt >= this.#lives.access) return false;
    return this.#lineageFromBackup(now).use(generation, issuedAt, now);
  }

  revoke(): void {
    this.#isEnded = true;
  }

  /** A token of a lineage proves that the code was redeemed, though the backup that was restored is older than that. */
  #lineageFromBackup(now: number): LineageModel {
    if (this.#lineage === undefined) {
      this.#lineage = new LineageModel(this.preset, now, this.#lives);
      this.#lineage.head = 0;
    }
    return this.#lineage;
  }

  #countFailure(): Redemption {
    if (this.#lineage !== undefined) return "refused";
    if (++this.#failures < verifierTries) return "counted";
    this.#isEnded = true;
    return "code guessed";
  }
}

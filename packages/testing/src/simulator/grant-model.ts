import { TokenFamilyModel, type Lives, type Outcome, type Preset } from "./token-family-model.ts";

export type Redemption = "redeemed" | "code replay" | "code guessed" | "counted" | "refused";

const verifierTries = 5;

/**
 * What a grant should do from its code to its end: the model of its token family, and of the time before there is one.
 * Knows nothing of tokens, rows or stores. The simulator compares every committed step with it, the property tests
 * every answer.
 */
export class GrantModel {
  readonly preset: Preset;
  readonly #offeredAt: number;
  readonly #lives: Lives & { code: number };
  #family: TokenFamilyModel | undefined;
  #failures = 0;
  #isEnded = false;

  constructor(preset: Preset, offeredAt: number, lives: Lives & { code: number }) {
    this.preset = preset;
    this.#offeredAt = offeredAt;
    this.#lives = lives;
  }

  copy(): GrantModel {
    const copy = new GrantModel(this.preset, this.#offeredAt, this.#lives);
    copy.#family = this.#family?.copy();
    copy.#failures = this.#failures;
    copy.#isEnded = this.#isEnded;
    return copy;
  }

  /** 0 until the code is redeemed, as in the row. */
  get head(): number {
    return this.#family?.head ?? 0;
  }

  get isDelivered(): boolean {
    return this.#family?.isDelivered ?? false;
  }

  get isRevoked(): boolean {
    return this.#isEnded || (this.#family?.isRevoked ?? false);
  }

  isDead(now: number): boolean {
    return (
      this.isRevoked ||
      (this.#family?.isDead(now) ?? now >= Math.min(this.#offeredAt + this.#lives.idle, this.#lives.endsAt))
    );
  }

  /** `fits`: client, redirect URI, scope and resource are right; `isVerifierRight` is considered only if they are. */
  redeem(fits: boolean, isVerifierRight: boolean, now: number): Redemption {
    if (!fits || this.isDead(now)) return "refused";
    if (this.#family === undefined && now >= this.#offeredAt + this.#lives.code) return "refused";
    if (!isVerifierRight) return this.#countFailure();
    if (this.#family !== undefined) {
      this.#isEnded = true;
      return "code replay";
    }
    this.#family = new TokenFamilyModel(this.preset, now, this.#lives, this.#offeredAt);
    return "redeemed";
  }

  refresh(generation: number, key: string | undefined, isScopeFit: boolean, now: number): Outcome {
    if (this.isDead(now) || !isScopeFit) return "refused";
    return this.#familyFromBackup().present(generation, key, isScopeFit, now);
  }

  use(generation: number, issuedAt: number, now: number): boolean {
    if (this.isDead(now) || now - issuedAt >= this.#lives.access) return false;
    return this.#familyFromBackup().use(generation, issuedAt, now);
  }

  revoke(): void {
    this.#isEnded = true;
  }

  /** A refresh token proves that the code was redeemed, even if the restored backup is older than that. */
  #familyFromBackup(): TokenFamilyModel {
    if (this.#family === undefined) {
      this.#family = new TokenFamilyModel(this.preset, this.#offeredAt, this.#lives);
      this.#family.head = 0;
    }
    return this.#family;
  }

  #countFailure(): Redemption {
    if (this.#family !== undefined) return "refused";
    if (++this.#failures < verifierTries) return "counted";
    this.#isEnded = true;
    return "code guessed";
  }
}

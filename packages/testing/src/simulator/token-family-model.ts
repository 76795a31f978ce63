/** Shorter than any time between two readings of clocks that disagree. */
const none = -Infinity;

/** refresh-tokens.md A6 in numbers, written independently of the server. */
const rules = {
  lazy: { windowSeconds: Infinity, closesOnAccess: true, replays: 50, settlingSeconds: 10, oldAccessEndsAtClose: true },
  window: {
    windowSeconds: 120,
    closesOnAccess: false,
    replays: 50,
    settlingSeconds: none,
    oldAccessEndsAtClose: false,
  },
  strict: { windowSeconds: none, closesOnAccess: true, replays: 3, settlingSeconds: none, oldAccessEndsAtClose: false },
} as const;

export type Preset = keyof typeof rules;

export const idleSeconds = 30 * 86_400;
export const accessSeconds = 600;

/** Lifetimes; `endsAt` is the absolute end of the grant. */
export type Lives = { access: number; idle: number; endsAt: number };

export type Outcome = "rotated" | "replayed" | "caught up" | "late retry" | "theft" | "refused";

/** What a grant should do. Knows times and counts; knows nothing of tokens, rows or stores. */
export class TokenFamilyModel {
  readonly #preset: Preset;
  readonly #lives: Lives;
  head = 1;
  #ended = false;
  #rotatedAt: number;
  #idleEndsAt: number;
  #deliveredAt: number | undefined;
  #replays = 0;
  #key: string | undefined;

  /** `offeredAt`: the start of its first idle time. */
  constructor(
    preset: Preset,
    now: number,
    lives: Lives = { access: accessSeconds, idle: idleSeconds, endsAt: Infinity },
    offeredAt = now,
  ) {
    this.#preset = preset;
    this.#lives = lives;
    this.#rotatedAt = now;
    this.#idleEndsAt = Math.max(now, offeredAt) + lives.idle;
  }

  /** A copy, for a backup. */
  copy(): TokenFamilyModel {
    const copy = new TokenFamilyModel(this.#preset, this.#rotatedAt, this.#lives);
    copy.head = this.head;
    copy.#ended = this.#ended;
    copy.#idleEndsAt = this.#idleEndsAt;
    copy.#deliveredAt = this.#deliveredAt;
    copy.#replays = this.#replays;
    copy.#key = this.#key;
    return copy;
  }

  get isRevoked(): boolean {
    return this.#ended;
  }

  get isDelivered(): boolean {
    return this.#deliveredAt !== undefined;
  }

  isDead(now: number): boolean {
    return this.#ended || now >= Math.min(this.#idleEndsAt, this.#lives.endsAt);
  }

  present(generation: number, key: string | undefined, isScopeFit: boolean, now: number): Outcome {
    if (this.isDead(now) || !isScopeFit) return "refused";
    if (generation > this.head) {
      this.head = generation;
      this.#rotate(key, now);
      return "caught up";
    }
    if (generation === this.head) return this.#rotate(key, now);
    if (generation === this.head - 1 && this.#isSettling(now)) return "late retry";
    if (generation === this.head - 1 && this.#servesPredecessor(key, now)) {
      this.#replays++;
      return "replayed";
    }
    this.#ended = true;
    return "theft";
  }

  /** Whether an access token of a generation is active; the first use of the head confirms its delivery. */
  use(generation: number, issuedAt: number, now: number): boolean {
    if (this.isDead(now) || now - issuedAt >= this.#lives.access) return false;
    if (generation > this.head) this.#jumpTo(generation, issuedAt);
    if (generation === this.head) {
      this.#deliveredAt ??= now;
      return true;
    }
    if (!this.#rule.oldAccessEndsAtClose) return true;
    return generation === this.head - 1 && this.#deliveredAt === undefined;
  }

  revoke(): void {
    this.#ended = true;
  }

  get #rule(): (typeof rules)[Preset] {
    return rules[this.#preset];
  }

  /** An access token that is newer than a row from a backup. */
  #jumpTo(generation: number, issuedAt: number): void {
    this.head = generation;
    this.#rotatedAt = issuedAt;
    this.#deliveredAt = undefined;
    this.#replays = 0;
    this.#key = undefined;
  }

  #rotate(key: string | undefined, now: number): Outcome {
    this.#jumpTo(this.head + 1, now);
    this.#idleEndsAt = Math.max(this.#idleEndsAt, now + this.#lives.idle);
    this.#key = key;
    return "rotated";
  }

  #isSettling(now: number): boolean {
    return this.#deliveredAt !== undefined && now - this.#deliveredAt < this.#rule.settlingSeconds;
  }

  #servesPredecessor(key: string | undefined, now: number): boolean {
    if (this.#replays >= this.#rule.replays) return false;
    const age = now - this.#rotatedAt;
    const inWindow = age < this.#rule.windowSeconds && !(this.#rule.closesOnAccess && this.#deliveredAt !== undefined);
    if (this.#key === undefined || key === undefined) return inWindow;
    return key === this.#key && (inWindow || (this.#deliveredAt === undefined && age < 86_400));
  }
}

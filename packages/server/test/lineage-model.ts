import type { Preset } from "./lineage.ts";

/** refresh-tokens.md A6 as numbers, written down a second time and in another way than the server does it. */
const rules = {
  lazy: { windowSeconds: Infinity, closesOnAccess: true, replays: 50, settlingSeconds: 10, oldAccessEndsAtClose: true },
  window: { windowSeconds: 120, closesOnAccess: false, replays: 50, settlingSeconds: 0, oldAccessEndsAtClose: false },
  strict: { windowSeconds: 0, closesOnAccess: true, replays: 3, settlingSeconds: 0, oldAccessEndsAtClose: false },
} as const;

export const idleSeconds = 30 * 86_400;
export const accessSeconds = 600;

export type Outcome = "rotated" | "replayed" | "straggler" | "theft" | "refused";

/** What a grant should do. Knows times and counts; knows nothing of tokens, rows or stores. */
export class LineageModel {
  readonly #rule: (typeof rules)[Preset];
  head = 1;
  #ended = false;
  #rotatedAt: number;
  #deliveredAt: number | undefined;
  #replays = 0;
  #key: string | undefined;

  constructor(preset: Preset, now: number) {
    this.#rule = rules[preset];
    this.#rotatedAt = now;
  }

  isDead(now: number): boolean {
    return this.#ended || now - this.#rotatedAt >= idleSeconds;
  }

  present(generation: number, key: string | undefined, isScopeFit: boolean, now: number): Outcome {
    if (this.isDead(now) || !isScopeFit) return "refused";
    if (generation === this.head) return this.#rotate(key, now);
    if (generation === this.head - 1 && this.#isSettling(now)) return "straggler";
    if (generation === this.head - 1 && this.#servesPredecessor(key, now)) {
      this.#replays++;
      return "replayed";
    }
    this.#ended = true;
    return "theft";
  }

  /** Whether an access token of a generation is good; its first use by the head's holder is delivery. */
  use(generation: number, issuedAt: number, now: number): boolean {
    if (this.isDead(now) || now - issuedAt >= accessSeconds) return false;
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

  #rotate(key: string | undefined, now: number): Outcome {
    this.head++;
    this.#rotatedAt = now;
    this.#deliveredAt = undefined;
    this.#replays = 0;
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

/**
 * One grant as its provider keeps it: pure values, changed by the rules of its class. Times are true time in
 * milliseconds.
 */
export type Family = {
  /** Generation of the newest refresh token. */
  head: number;
  /** Where a spent token brings another pair of the same generation: the number of the newest one. */
  serial: number;
  /** When the head came to be. */
  rotatedAtMs: number;
  /** The head has been seen in use. */
  isDelivered: boolean;
  /** The intent key of the rotation that made the head. */
  intent: string | undefined;
  replays: number;
  endedBy: Ending | undefined;
};

/** `user`: at the provider's own page. `reuse`: a spent token was presented. */
export type Ending = "user" | "client" | "reuse";

export type RefreshToken = { grant: string; generation: number; serial: number };
export type Presented = RefreshToken & { intent: string | undefined };

/**
 * What a refresh came to. `again`: the answer of before; `another`: a new pair of the same generation; `same`: the
 * refresh token did not change.
 */
export type Turn = { family: Family; says: "rotated" | "again" | "another" | "same" | "refused" | "reuse" };

/** Each consent begins a family of its own, with generations that no other has. */
const generationsPerConsent = 10_000;

export const consentOf = (generation: number): number => Math.floor(generation / generationsPerConsent);

export const newFamily = (nowMs: number, consent = 0): Family => ({
  head: consent * generationsPerConsent + 1,
  serial: 0,
  rotatedAtMs: nowMs,
  isDelivered: true,
  intent: undefined,
  replays: 0,
  endedBy: undefined,
});

export const rotated = (family: Family, { intent }: Presented, nowMs: number): Turn => ({
  family: { ...family, head: family.head + 1, serial: 0, rotatedAtMs: nowMs, isDelivered: false, intent, replays: 0 },
  says: "rotated",
});

export const again = (family: Family): Turn => ({ family: { ...family, replays: family.replays + 1 }, says: "again" });

export const another = (family: Family): Turn => ({
  family: { ...family, serial: family.serial + 1, replays: family.replays + 1 },
  says: "another",
});

export const reuse = (family: Family): Turn => ({ family: { ...family, endedBy: "reuse" }, says: "reuse" });

export const nameRefreshToken = ({ grant, generation, serial }: RefreshToken): string =>
  `rt.${grant}.${generation}.${serial}`;

export function readRefreshToken(text: string): RefreshToken {
  const [kind, grant, generation, serial] = text.split(".");
  if (kind !== "rt" || grant === undefined) throw new Error("that was never a refresh token");
  return { grant, generation: Number(generation), serial: Number(serial) };
}

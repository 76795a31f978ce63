import type { KeyringKey } from "@symbolon/server";
import type { StoredKeyring } from "../keyring/format.ts";

export type KeyState = "in force" | "coming" | "retired";

/** The keys with their states, newest first. Holds no secret. */
export function describeKeys({ keys }: StoredKeyring, now: number) {
  const newestFirst = [...keys].sort((one, other) => other.activeFrom - one.activeFrom || other.id - one.id);
  const current = keyInForce(newestFirst, now);
  return newestFirst.map((key) => ({
    id: key.id,
    state: stateOf(key, current, now),
    created_at: key.createdAt,
    active_from: key.activeFrom,
  }));
}

/** As in the keyring: the newest key whose time has come; before any has come, the oldest. */
const keyInForce = (newestFirst: readonly KeyringKey[], now: number): KeyringKey | undefined =>
  newestFirst.find(({ activeFrom }) => activeFrom <= now) ?? newestFirst.at(-1);

function stateOf(key: KeyringKey, current: KeyringKey | undefined, now: number): KeyState {
  if (key === current) return "in force";
  return key.activeFrom > now ? "coming" : "retired";
}

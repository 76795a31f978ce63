import type { KeyringKey } from "@symbolon/server";
import type { StoredKeyring } from "../keyring/format.ts";

export type KeyState = "in force" | "coming" | "retired";

/** The keys, newest first, each with what it is used for now. Never their secrets. */
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

/** As the keyring chooses: the newest whose time has come; before all of them, the oldest. */
const keyInForce = (newestFirst: readonly KeyringKey[], now: number): KeyringKey | undefined =>
  newestFirst.find(({ activeFrom }) => activeFrom <= now) ?? newestFirst.at(-1);

function stateOf(key: KeyringKey, current: KeyringKey | undefined, now: number): KeyState {
  if (key === current) return "in force";
  return key.activeFrom > now ? "coming" : "retired";
}

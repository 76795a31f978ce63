import { replayWindowMs } from "./decide.ts";
import { KeeperError } from "./errors.ts";
import type { Found } from "./grants.ts";
import { rotate } from "./judge.ts";
import { about, providerOf, serverNowMs, type Kit } from "./kit.ts";
import { boundTo, type GrantRecord, type TokenPair } from "./record.ts";
import { ageMs, momentOf } from "./time.ts";

/** The seal is broken; the key is not what is wrong. */
export const isDamage = (error: unknown): boolean =>
  error instanceof KeeperError && error.code === "unreadable" && error.field === "seal";

/** The record's pair. Undefined: it was damaged, and its predecessor has taken its place, so look again. */
export async function openPair(kit: Kit, found: Found): Promise<TokenPair | undefined> {
  try {
    return await kit.grants.pair(found.record);
  } catch (error) {
    if (isDamage(error) && (await restore(kit, found))) return undefined;
    throw error;
  }
}

/**
 * Makes the predecessor of a damaged pair the next version, without a life of its own, so that it is refreshed before
 * anything is handed out (C-11). False: there is none that can be spent without harm, and the record stays as it is,
 * for whoever can mend it.
 */
async function restore(kit: Kit, { record, sight, ...found }: Found): Promise<boolean> {
  const { previous } = record;
  if (previous === undefined || !isHarmless(kit, record, ageMs(sight, momentOf(kit.world)))) return false;
  const pair = await kit.vault.open(previous, boundTo(record, record.version - 1)).catch(() => undefined);
  if (pair === undefined) return false;
  const atMs = serverNowMs(kit, record.issuer);
  const sealed = await kit.vault.seal(pair, boundTo(record, record.version + 1));
  const restored: GrantRecord = {
    ...rotate(
      record,
      sealed,
      { lifetimeSeconds: 0 },
      { ...record, ...record.issuedAt, fence: record.boughtUnder, fraction: 0, forced: undefined },
    ),
    previous: undefined,
    fence: record.fence + 1,
    evidence: [...record.evidence, { atMs, version: record.version, code: "damaged_pair" }],
  };
  if (await kit.grants.change(found, restored)) kit.emit({ type: "restored", ...about(kit, restored) });
  return true;
}

/**
 * Whether the provider takes a spent token back, whoever has used its successor. A lazy one does not, nor one that
 * knows it by an intent key, which is gone. While a refresh is open the predecessor is perhaps two generations old
 * (I3).
 */
function isHarmless(kit: Kit, record: GrantRecord, ageMs: number): boolean {
  const { class: rotation, intent } = record;
  return (
    intent === undefined &&
    !providerOf(kit, record).readsIntent &&
    !"strict lazy".includes(rotation.kind) &&
    ageMs < replayWindowMs(rotation)
  );
}

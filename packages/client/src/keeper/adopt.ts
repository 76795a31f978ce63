import { KeeperError } from "./errors.ts";
import { bury, refreshAfterMs } from "./judge.ts";
import { about, fraction, serverNowMs, type Kit } from "./kit.ts";
import type { FreshTokens, KeeperProvider } from "./provider.ts";
import { boundTo, readRecord, type GrantRecord, type TokenPair } from "./record.ts";
import type { RotationClass } from "../rotation-class.ts";
import { grantKey } from "./grants.ts";
import { momentOf } from "./time.ts";

export type AdoptOptions = {
  /** Who consented. A new consent of the same subject to the same client takes the place of the old one, under whatever id. */
  subject?: string;
  /** Of this grant, where it differs from the provider's. */
  class?: RotationClass;
  /** Which of several providers. */
  issuer?: string;
  clientId?: string;
};

/** Takes over the tokens of a consent: a new grant, or a new pair that overwrites whatever the record held, dead or alive (B5). */
export async function adopt(kit: Kit, id: string, tokens: FreshTokens, options: AdoptOptions): Promise<void> {
  const key = grantKey(id);
  const provider = chosen(kit, options);
  if (typeof tokens?.accessToken?.reveal !== "function") throw new KeeperError("invalid_input", { id, field: "tokens.accessToken", says: "a Sealed text" });
  const { lifetimeSeconds, scope, clockOffsetMs } = tokens;
  if (lifetimeSeconds !== undefined && !(lifetimeSeconds > 0)) throw new KeeperError("invalid_input", { id, field: "tokens.lifetimeSeconds", says: "above 0" });
  if (clockOffsetMs !== undefined) kit.offsets.set(provider.issuer, clockOffsetMs);
  const { issuer, clientId } = provider;
  const started = momentOf(kit.world);

  for (;;) {
    const entry = await kit.store.read(key);
    const before = entry && readable(id, entry.value);
    // A damaged record was written `revision` times at most: numbers that nobody has seen of it (simulate-keeper, seed 453).
    const { version, fence } = before ?? { version: entry?.revision ?? 0, fence: entry?.revision ?? 0 };
    const same = before?.issuer === issuer && before.clientId === clientId && before.subject === options.subject ? before : undefined;
    // Some providers send the refresh token with the first consent only.
    const refresh = tokens.refreshToken?.reveal() ?? (same && (await kit.grants.pair(same)).refresh);
    const pair: TokenPair = { access: tokens.accessToken.reveal(), refresh };
    const { subject } = options;
    const bare: GrantRecord = {
      format: 1, id, issuer, clientId, subject,
      version: version + 1, fence: fence + 1, boughtUnder: fence + 1,
      state: "active", class: options.class ?? provider.rotation, clientGeneration: provider.clientGeneration, current: "",
      accessOnly: refresh === undefined || undefined,
      issuedAt: { wallMs: started.wallMs, offsetMs: kit.offsets.get(issuer) ?? 0 },
      lifetimeSeconds, refreshAfterMs: lifetimeSeconds && refreshAfterMs(lifetimeSeconds, fraction(kit.world)),
      scope, streak: 0, evidence: [],
    };
    const record = { ...bare, current: await kit.vault.seal(JSON.stringify(pair), boundTo(bare, bare.version)) };
    if ((await kit.grants.change({ revision: entry?.revision ?? 0 }, record, started)) === undefined) continue;
    kit.held.delete(id);
    kit.emit({ type: "adopted", ...about(kit, record) });
    if (subject !== undefined) await replaceOlder(kit, provider, record);
    return;
  }
}

/** What was there before; of a record that cannot be read, nothing is left to keep. */
function readable(id: string, value: string): GrantRecord | undefined {
  try {
    return readRecord(id, value);
  } catch {
    return undefined;
  }
}

/** The grant that this subject gave this client before, under another id, is replaced (B3.9). Not revoked: at many providers that would end the new one too. */
async function replaceOlder(kit: Kit, { issuer, clientId }: KeeperProvider, { id, subject }: GrantRecord): Promise<void> {
  const key = `s.${await kit.vault.tag(JSON.stringify([issuer, clientId, subject]))}`;
  for (;;) {
    const entry = await kit.store.read(key);
    const older = entry === undefined ? id : (JSON.parse(entry.value) as { id: string }).id;
    if (older !== id) await replace(kit, older, id);
    if (entry !== undefined && older === id) return;
    if ((await kit.store.write(key, entry?.revision ?? 0, JSON.stringify({ id }))) !== undefined) return;
  }
}

async function replace(kit: Kit, id: string, by: string): Promise<void> {
  for (;;) {
    const found = await kit.grants.read(id);
    if (found.record.state === "dead") return;
    const dead = bury({ ...found.record, fence: found.record.fence + 1 }, "replaced", serverNowMs(kit, found.record.issuer));
    if ((await kit.grants.change(found, dead)) === undefined) continue;
    return kit.emit({ type: "dead", ...about(kit, dead), cause: "replaced", by, evidence: dead.evidence });
  }
}

function chosen({ providers }: Kit, { issuer, clientId }: AdoptOptions): KeeperProvider {
  const fitting = providers.filter((provider) => (issuer ?? provider.issuer) === provider.issuer && (clientId ?? provider.clientId) === provider.clientId);
  if (fitting.length !== 1) throw new KeeperError(fitting.length === 0 ? "no_provider" : "invalid_input", { field: "issuer", says: "must name one of several providers" });
  return fitting[0]!;
}

import { KeeperError } from "./errors.ts";
import { bury, rotate, type Bare } from "./judge.ts";
import { about, fraction, isStoreDown, serverNowMs, type Kit } from "./kit.ts";
import type { FreshTokens, KeeperProvider } from "./provider.ts";
import { boundTo, isOver, readRecord, rotationShape, type GrantRecord, type TokenPair } from "./record.ts";
import type { RotationClass } from "../rotation-class.ts";
import { grantKey } from "./grants.ts";
import { isDamage, openPair } from "./restore.ts";
import { parseJson } from "../parse-json.ts";
import { misfitOf, type Shape } from "./shape.ts";
import { momentOf } from "./time.ts";

export type AdoptOptions = {
  /**
   * Who consented. A new consent of the same subject to the same client takes the place of the old one, under whatever
   * id.
   */
  subject?: string;
  /** Of this grant, where it differs from the provider's. */
  class?: RotationClass;
  /** Which of several providers. */
  issuer?: string;
  clientId?: string;
};

const sealedShape: Shape = { reveal: () => "" };
const adoptShape: Shape = {
  tokens: {
    accessToken: sealedShape,
    "refreshToken?": sealedShape,
    "lifetimeSeconds?": 0,
    "scope?": [""],
    "clockOffsetMs?": 0,
  },
  "subject?": /./s,
  "class?": rotationShape,
};

/** So many adoptions of one grant are known again. */
const adoptionsKept = 10;

/**
 * Takes over the tokens of a consent: a new grant, or a new pair that overwrites whatever the record held, dead or
 * alive (B5). Tokens that this grant was given before are told by name, and put nothing back: their grant has perhaps
 * been refreshed since.
 */
export async function adopt(kit: Kit, id: string, tokens: FreshTokens, options: AdoptOptions): Promise<void> {
  const key = grantKey(id);
  const provider = chosen(kit, options);
  const field = misfitOf({ ...options, tokens }, adoptShape);
  if (field !== undefined) throw new KeeperError("invalid_input", { id, field, says: "missing, or not of its kind" });
  const { lifetimeSeconds = 1, clockOffsetMs } = tokens;
  if (lifetimeSeconds <= 0)
    throw new KeeperError("invalid_input", { id, field: "tokens.lifetimeSeconds", says: "above 0" });
  if (clockOffsetMs !== undefined) kit.offsets.set(provider.issuer, clockOffsetMs);
  const { issuer, clientId } = provider;
  const started = momentOf(kit.world);
  const { subject } = options;
  const name = await kit.vault.tag(JSON.stringify([tokens.accessToken.reveal(), tokens.refreshToken?.reveal()]));
  const subjectKey =
    subject === undefined ? undefined : `s.${await kit.vault.tag(JSON.stringify([issuer, clientId, subject]))}`;

  for (;;) {
    const entry = await kit.store.read(key);
    const revision = entry?.revision ?? 0;
    const before = entry && readable(id, entry.value);
    const { adopted = [] } = before ?? {};
    if (before !== undefined && adopted.includes(name)) {
      if (isOver(before))
        throw new KeeperError("ended", {
          id,
          ended: before.cause,
          evidence: before.evidence,
          reconnectUrl: provider.reconnectUrl,
        });
      if (subjectKey !== undefined && adopted.at(-1) === name)
        await replaceOlder(kit, subjectKey, before, before.subjectSeen);
      return;
    }
    const subjectSeen = subjectKey === undefined ? undefined : ((await kit.store.read(subjectKey))?.revision ?? 0);
    // A damaged record was written `revision` times at most: numbers that nobody has seen of it (simulate-keeper, seed
    // 453).
    const { version, fence } = before ?? { version: revision, fence: revision };
    const same =
      before?.issuer === issuer && before.clientId === clientId && before.subject === options.subject
        ? before
        : undefined;
    // Some providers send the refresh token with the first consent only.
    const kept =
      same && !tokens.refreshToken ? await openPair(kit, kit.grants.remember(same, revision)).catch(noneIfDamaged) : {};
    if (kept === undefined) continue;
    const refresh = tokens.refreshToken?.reveal() ?? kept.refresh;
    const pair: TokenPair = { access: tokens.accessToken.reveal(), refresh };
    const base: Bare = {
      id,
      issuer,
      clientId,
      subject,
      version,
      fence: fence + 1,
      class: options.class ?? provider.rotation,
      evidence: [],
      adopted: [...adopted, name].slice(-adoptionsKept),
      subjectSeen,
    };
    const sealed = await kit.vault.seal(JSON.stringify(pair), boundTo(base, version + 1));
    const record: GrantRecord = {
      ...rotate(base, sealed, tokens, {
        wallMs: started.wallMs,
        offsetMs: kit.offsets.get(issuer) ?? 0,
        fraction: fraction(kit.world),
        clientGeneration: provider.clientGeneration,
        fence: fence + 1,
      }),
      accessOnly: refresh === undefined || undefined,
    };
    if ((await kit.grants.change({ revision }, record, started)) === undefined) continue;
    kit.held.delete(id);
    kit.emit({ type: "adopted", ...about(kit, record) });
    if (subjectKey !== undefined) await replaceOlder(kit, subjectKey, record);
    return;
  }
}

/** Of a pair that is damaged for good nothing is left to keep; one whose key is missing must not be lost. */
function noneIfDamaged(error: unknown): Partial<TokenPair> {
  if (isDamage(error)) return {};
  throw error;
}

/** What was there before; of a record that cannot be read, nothing is left to keep. */
function readable(id: string, value: string): GrantRecord | undefined {
  try {
    return readRecord(id, value);
  } catch {
    return undefined;
  }
}

/**
 * The grant that this subject gave this client before, under another id, is replaced (B3.9). Not revoked: at many
 * providers that would end the new one too. `seen`: only if the entry is still what it was then, because whoever came
 * since is newer.
 */
async function replaceOlder(kit: Kit, key: string, { id }: GrantRecord, seen?: number): Promise<void> {
  for (;;) {
    const entry = await kit.store.read(key);
    const older = (parseJson(entry?.value ?? "") as { id: string } | null)?.id;
    if (older === id || (older !== undefined && seen !== undefined && entry!.revision !== seen)) return;
    if (older !== undefined) await replace(kit, older, id);
    if ((await kit.store.write(key, entry?.revision ?? 0, JSON.stringify({ id }))) !== undefined) return;
  }
}

/** One that cannot be read is left to whoever can mend it. */
async function replace(kit: Kit, id: string, by: string): Promise<void> {
  const dead = await kit.grants
    .update(id, (record) =>
      record.state === "dead"
        ? undefined
        : bury({ ...record, fence: record.fence + 1 }, "replaced", serverNowMs(kit, record.issuer)),
    )
    .catch((error: unknown) => {
      if (isStoreDown(error)) throw error;
    });
  if (dead !== undefined)
    kit.emit({ type: "dead", ...about(kit, dead), cause: "replaced", by, evidence: dead.evidence });
}

function chosen({ providers }: Kit, { issuer, clientId }: AdoptOptions): KeeperProvider {
  const fitting = providers.filter(
    (provider) =>
      (issuer ?? provider.issuer) === provider.issuer && (clientId ?? provider.clientId) === provider.clientId,
  );
  if (fitting.length !== 1)
    throw new KeeperError(fitting.length === 0 ? "no_provider" : "invalid_input", {
      field: "issuer",
      says: "must name one of several providers",
    });
  return fitting[0]!;
}

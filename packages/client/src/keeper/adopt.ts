import type { Sealed } from "@symbolon/protocol";
import type { RotationClass } from "../rotation-class.ts";
import { parseJson } from "../parse-json.ts";
import { noteClockOffset, serverNowMs } from "./clock-offsets.ts";
import type { KeeperContext } from "./context.ts";
import { KeeperError } from "./errors.ts";
import { emitOf } from "./events.ts";
import { grantKey, isDamage } from "./grants.ts";
import type { FreshTokens, KeeperProvider } from "./provider.ts";
import { boundTo, isOver, readRecord, rotationShape, type GrantRecord, type TokenPair } from "./record.ts";
import { conflict, isStoreUnavailable, retryOnConflict } from "./retry.ts";
import { markDead, originOf, rotate, type RecordBase } from "./judge.ts";
import { misfitOf, type Shape } from "./shape.ts";
import { momentOf } from "./time.ts";

/** Whose grant is adopted, and how its provider rotates. */
export type ConsentOptions = {
  /** Who consented. A new consent of the same subject to the same client replaces the earlier one, under any id. */
  subject?: string | undefined;
  /** The grant's rotation class, where it differs from the provider's. */
  class?: RotationClass | undefined;
  /** Which of several clients at one issuer. */
  clientId?: string | undefined;
};

/** Options of `adopt`. */
export type AdoptOptions = ConsentOptions & {
  /** Which of several providers. */
  issuer?: string | undefined;
};

/** Tokens as a client returns them (`Tokens`), or as `sealTokens` makes them of what a database has. */
export type AdoptableTokens = {
  /** The access token. */
  accessToken: Sealed;
  /** The refresh token; without one the grant lives as long as its access token. */
  refreshToken?: Sealed | undefined;
  /** When the access token expires, by this machine's clock. One that has expired is refreshed before it is used. */
  expiresAt?: Date | undefined;
  /** The granted scopes. */
  scopes?: readonly string[] | undefined;
};

/** This many adoptions of one grant are recognised when they are repeated. */
const adoptionsKept = 10;

/**
 * Takes over the tokens of a consent: as a new grant, or as a new pair that replaces what the record held, dead or
 * alive (B5). Tokens that this grant was given before are recognised and change nothing: the grant may have been
 * refreshed since.
 */
export async function adopt(
  context: KeeperContext,
  id: string,
  given: FreshTokens | AdoptableTokens,
  options: AdoptOptions,
): Promise<void> {
  const key = grantKey(id);
  const provider = chooseProvider(context, options);
  const tokens = freshTokens(given, context.world.epochMs());
  checkAdoption(id, tokens, options);
  const { issuer, clientId } = provider;
  const { store, vault } = context;
  noteClockOffset(context, issuer, tokens.clockOffsetMs);
  const started = momentOf(context.world);
  const { subject } = options;
  const tag = (values: readonly unknown[]): Promise<string> => vault.tag(JSON.stringify(values));
  const name = await tag([tokens.accessToken.reveal(), tokens.refreshToken?.reveal()]);
  const subjectKey = subject === undefined ? undefined : `s.${await tag([issuer, clientId, subject])}`;

  await retryOnConflict(id, async () => {
    const entry = await store.read(key);
    const revision = entry?.revision ?? 0;
    const before = entry && readable(id, entry.value);
    // A damaged record was written at most `revision` times: as version and fencing token, that was never used before.
    const { version, fence, adopted = [] } = before ?? { version: revision, fence: revision };
    if (before !== undefined && adopted.includes(name)) {
      if (isOver(before)) throw endedError(before, provider);
      // The earlier call may have failed after it was stored.
      if (!context.heldAnswers.get(id)?.base.adopted?.includes(name)) context.heldAnswers.delete(id);
      // The earlier call may have failed before it replaced the subject's older grant.
      if (subjectKey !== undefined && adopted.at(-1) === name)
        await replaceOlder(context, subjectKey, before, before.subjectSeen);
      return;
    }
    const subjectSeen = subjectKey === undefined ? undefined : ((await store.read(subjectKey))?.revision ?? 0);
    const isSame = before?.issuer === issuer && before.clientId === clientId && before.subject === subject;
    // Some providers send the refresh token with the first consent only: it is kept.
    const kept = isSame && !tokens.refreshToken ? await pairToKeep(context, before, revision) : {};
    if (kept === undefined) return conflict;
    const pair = { access: tokens.accessToken.reveal(), refresh: tokens.refreshToken?.reveal() ?? kept.refresh };
    const base: RecordBase = {
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
    const sealed = await vault.seal(JSON.stringify(pair), boundTo(base, version + 1));
    const record: GrantRecord = {
      ...rotate(base, sealed, tokens, originOf(context, provider, started, fence + 1)),
      accessOnly: pair.refresh === undefined || undefined,
    };
    if (!(await context.grants.write({ revision }, record, started))) return conflict;
    context.heldAnswers.delete(id);
    emitOf(context, record, { type: "adopted" });
    if (subjectKey !== undefined) await replaceOlder(context, subjectKey, record);
  });
}

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

/** What a client returned, as a provider of a keeper returns it. */
function freshTokens(given: FreshTokens | AdoptableTokens, nowMs: number): FreshTokens {
  const { expiresAt, scopes } = { ...given } as AdoptableTokens;
  if (expiresAt && !Number.isFinite(expiresAt.getTime?.()))
    throw new KeeperError("invalid_input", { field: "tokens.expiresAt", expected: "a Date" });
  if (!expiresAt && !scopes) return given as FreshTokens;
  const leftSeconds = expiresAt && Math.max(0, Math.floor((expiresAt.getTime() - nowMs) / 1000));
  return { lifetimeSeconds: leftSeconds, ...given, scope: scopes } as FreshTokens;
}

/** Throws "invalid_input". */
function checkAdoption(id: string, tokens: FreshTokens, options: AdoptOptions): void {
  const field = misfitOf({ ...options, tokens }, adoptShape);
  if (field !== undefined)
    throw new KeeperError("invalid_input", { id, field, message: "missing, or not of its kind" });
  if (!("expiresAt" in tokens) && (tokens.lifetimeSeconds ?? 1) <= 0)
    throw new KeeperError("invalid_input", { id, field: "tokens.lifetimeSeconds", expected: "above 0" });
}

function chooseProvider({ providers }: KeeperContext, { issuer, clientId }: AdoptOptions): KeeperProvider {
  const [chosen, ...others] = providers.filter(
    (provider) =>
      (issuer ?? provider.issuer) === provider.issuer && (clientId ?? provider.clientId) === provider.clientId,
  );
  if (chosen !== undefined && others.length === 0) return chosen;
  throw new KeeperError(chosen === undefined ? "no_provider" : "invalid_input", {
    field: "issuer",
    expected: chosen === undefined ? "a provider of this keeper" : "one of several providers",
  });
}

const endedError = ({ id, cause, evidence }: GrantRecord, { reconnectUrl }: KeeperProvider): KeeperError =>
  new KeeperError("ended", { id, ended: cause, evidence, reconnectUrl });

/** The pair of the record that is replaced. Undefined: it has changed, so read it again. */
async function pairToKeep(
  context: KeeperContext,
  record: GrantRecord,
  revision: number,
): Promise<Partial<TokenPair> | undefined> {
  try {
    return await context.grants.pairOrRestore(context.grants.remember(record, revision));
  } catch (error) {
    // A damaged pair has no token to keep; one whose key is missing must not be lost.
    if (isDamage(error)) return {};
    throw error;
  }
}

/** What was there before; undefined if it cannot be read. */
function readable(id: string, value: string): GrantRecord | undefined {
  try {
    return readRecord(id, value);
  } catch {
    return undefined;
  }
}

/**
 * Replaces the grant that this subject gave this client before, under another id (B3.9). It is not revoked: at many
 * providers that would end the new grant too. `seen`: only while the subject's entry has this revision, because a later
 * one is of a newer consent.
 */
async function replaceOlder(context: KeeperContext, key: string, { id }: GrantRecord, seen?: number): Promise<void> {
  const { store } = context;
  await retryOnConflict(id, async () => {
    const { revision = 0, value = "" } = (await store.read(key)) ?? {};
    const older = (parseJson(value) as { id: string } | null)?.id;
    if (older === id || (older !== undefined && seen !== undefined && revision !== seen)) return;
    if (older !== undefined) await replace(context, older, id);
    if ((await store.write(key, revision, JSON.stringify({ id }))) === undefined) return conflict;
  });
}

/** A record that cannot be read is left as it is, for repair. */
async function replace(context: KeeperContext, id: string, by: string): Promise<void> {
  const dead = await context.grants
    .update(id, (record) =>
      record.state === "dead"
        ? undefined
        : markDead({ ...record, fence: record.fence + 1 }, "replaced", serverNowMs(context, record.issuer)),
    )
    .catch((error: unknown) => {
      if (isStoreUnavailable(error)) throw error;
    });
  if (dead !== undefined) emitOf(context, dead, { type: "dead", cause: "replaced", by, evidence: dead.evidence });
}

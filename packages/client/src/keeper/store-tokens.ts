import { Sealed } from "@symbolon/protocol";
import { parseJson } from "../parse-json.ts";
import { serverNowMs } from "./clock-offsets.ts";
import type { KeeperContext } from "./context.ts";
import { emitOf } from "./events.ts";
import { pairOf, rotate, type Answer, type HeldAnswer, type PairOrigin } from "./judge.ts";
import type { FreshTokens } from "./provider.ts";
import { boundTo, keyPart, type GrantRecord, type TokenPair } from "./record.ts";
import { conflict, isStoreUnavailable, retryOnConflict, retryWhileUnavailable } from "./retry.ts";
import type { Entry } from "./store.ts";
import { elapsedMs, momentOf } from "./time.ts";

/** A pair that was written this long after it was requested records its age. */
const noticeableMs = 5000;
/** An undelivered pair is removed this long after it was obtained. */
const keptForMs = 30 * 86_400_000;

/**
 * Stores an answer, or holds it in memory until the store can take it. From a `lazy` provider it is withheld meanwhile:
 * until it is used, the old token works, so nothing can be lost. From any other it is handed out as volatile, because
 * the old token is spent (B2). Resolves to the version that it became.
 */
export async function storeTokens(context: KeeperContext, answer: HeldAnswer): Promise<number | undefined> {
  try {
    return await retryWhileUnavailable(context.world, () => storeOrPutInOutbox(context, answer));
  } catch (error) {
    if (!isStoreUnavailable(error)) throw error;
    const { base } = answer;
    context.heldAnswers.set(base.id, answer);
    if (base.class.kind === "lazy") throw error;
    const inOutbox = await putInOutbox(context, answer).then(
      () => true,
      () => false,
    );
    const next = { ...base, version: base.version + 1 };
    emitOf(context, next, { type: "volatile", inOutbox });
    return undefined;
  }
}

/** Tries again to store what is held for a grant. Rejects while the store does not answer. */
export async function storeHeldAnswer(context: KeeperContext, id: string): Promise<void> {
  const answer = context.heldAnswers.get(id);
  if (answer === undefined) return;
  const version = await storeOrPutInOutbox(context, answer);
  context.heldAnswers.delete(id);
  if (version !== undefined) await removeFromOutbox(context, answer);
}

/** An answer whose record has moved on goes to the outbox, unless the provider did not rotate the refresh token. */
async function storeOrPutInOutbox(context: KeeperContext, answer: Answer): Promise<number | undefined> {
  const { version, isLate } = await storeAnswer(context, answer);
  if (!isLate) return version;
  if (pairOf(answer).refresh !== answer.spent.refresh) {
    await putInOutbox(context, answer);
    emitOf(context, { ...answer.base, version }, { type: "late_answer" });
  }
  return undefined;
}

/** `isLate`: the record has moved on, to this version, and did not take the answer. */
type StoredAnswer = { version: number; isLate: boolean };

/**
 * Makes an answer the next version of its record, even if another process holds the lease by now: while the record
 * still holds the token that was spent for it, a good answer is never thrown away (B6), and a newer holder's intent
 * ends.
 */
function storeAnswer(context: KeeperContext, answer: Answer): Promise<StoredAnswer> {
  const { base, origin, tokens, started } = answer;
  return retryOnConflict(base.id, async () => {
    const stored = await context.grants.read(base.id);
    const { record } = stored;
    // A write that seemed to fail had happened.
    if (record.current === answer.sealed?.text) return emitRotated(context, base, record);
    // A `grace` provider answers two holders of one token with two pairs: the later holder's is the latest.
    const isLater =
      record.class.kind === "grace" && record.previous === base.current && origin.fence > record.boughtUnder;
    if (record.current !== base.current && !isLater) return { version: record.version, isLate: true };
    const version = record.version + 1;
    if (answer.sealed?.version !== version)
      answer.sealed = {
        version,
        text: await context.vault.seal(JSON.stringify(pairOf(answer)), boundTo(record, version)),
      };
    const next = rotate(record, answer.sealed.text, tokens, origin);
    // A process that has observed the record meanwhile would take the pair for new (B9).
    const ageMs = started === undefined ? 0 : elapsedMs(started, momentOf(context.world));
    if (ageMs > noticeableMs) next.issuedAt.ageMs = ageMs;
    return (await context.grants.write(stored, next, started)) ? emitRotated(context, base, next) : conflict;
  });
}

function emitRotated(context: KeeperContext, { scope: from = [] }: GrantRecord, record: GrantRecord): StoredAnswer {
  const { scope: to = [], version } = record;
  emitOf(context, record, { type: "rotated" });
  if (to.length !== from.length || to.some((scope) => !from.includes(scope)))
    emitOf(context, record, { type: "scope_changed", from, to });
  return { version, isLate: false };
}

/** An entry: `base` in the clear names the grant, and `sealed` is a `SealedAnswer`. */
type OutboxEntry = { base: GrantRecord; sealed: string };
type SealedAnswer = { pair: TokenPair; spent: TokenPair; bought: PairOrigin } & Pick<
  FreshTokens,
  "lifetimeSeconds" | "scope"
>;

const entryKey = (id: string, fence: number): string => `v.${keyPart(id)}.${fence}`;
/** The words are part of the stored format. */
const entryBound = (base: GrantRecord | undefined): string => `spool ${base && boundTo(base, base.version)}`;

/** Keeps an answer, sealed, until its record can take it. */
async function putInOutbox({ outbox, vault }: KeeperContext, answer: Answer): Promise<void> {
  const { base, origin, spent, tokens } = answer;
  const { lifetimeSeconds, scope } = tokens;
  const text: SealedAnswer = { pair: pairOf(answer), spent, lifetimeSeconds, scope, bought: origin };
  const sealed = await vault.seal(JSON.stringify(text), entryBound(base));
  const key = entryKey(base.id, origin.fence);
  await outbox.write(
    key,
    (await outbox.read(key))?.revision ?? 0,
    JSON.stringify({ base, sealed } satisfies OutboxEntry),
  );
}

/** Removes an answer that its record has taken. A failure is ignored: delivery finds that out again. */
async function removeFromOutbox({ outbox }: KeeperContext, { base, origin }: Answer): Promise<void> {
  const key = entryKey(base.id, origin.fence);
  const entry = await outbox.read(key).catch(() => undefined);
  if (entry !== undefined) await outbox.remove(key, entry.revision).catch(() => undefined);
}

/**
 * Delivers each pair to its record, where that still holds the token that was spent for it. Rejects with the first
 * failure after all were tried.
 */
export async function deliverOutbox(context: KeeperContext): Promise<void> {
  const failures: unknown[] = [];
  for await (const entry of context.outbox.entries("v."))
    await deliver(context, entry).catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}

/** The same for one grant, within a task on it. Entries that cannot be read are left to `deliverOutbox`. */
export async function deliverOutboxOf(context: KeeperContext, id: string): Promise<void> {
  try {
    for await (const entry of context.outbox.entries(`v.${keyPart(id)}.`))
      await deliver(context, entry, id).catch(() => undefined);
  } catch {
    // The outbox does not answer: the refresh goes on without it.
  }
}

/** `taskOf`: the grant in whose task this runs; entries of other grants are then left alone. */
async function deliver(
  context: KeeperContext,
  { key, revision, value }: Entry & { key: string },
  taskOf?: string,
): Promise<void> {
  // A damaged entry does not open: the seal is bound to what names its grant.
  const { base, sealed } = (parseJson(value) as OutboxEntry | null) ?? ({} as OutboxEntry);
  const { pair, spent, bought, ...rest } = JSON.parse(
    await context.vault.open(sealed, entryBound(base)),
  ) as SealedAnswer;
  const { id } = base;
  const task = async (): Promise<void> => {
    const { record } = await context.grants.read(id);
    const current = await context.grants.pair(record);
    // Where tokens are not rotated, an old pair looks as if the present token had been spent for it.
    const fits = record.version === base.version && current.refresh === spent.refresh;
    const tokens = { ...rest, accessToken: new Sealed(pair.access) };
    if (fits) await storeAnswer(context, { base: record, spent: pair, tokens, origin: bought });
    const ageMs = serverNowMs(context, base.issuer) - bought.wallMs - bought.offsetMs;
    if (fits || current.access === pair.access || ageMs > keptForMs) await context.outbox.remove(key, revision);
  };
  if (taskOf === undefined) await context.singleFlight.run(id, task);
  else if (taskOf === id) await task();
}

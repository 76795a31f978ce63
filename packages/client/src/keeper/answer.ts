import { Sealed } from "@symbolon/protocol";
import { rotate, type Purchase } from "./judge.ts";
import { about, alone, isStoreDown, persistently, serverNowMs, type Kit } from "./kit.ts";
import type { FreshTokens } from "./provider.ts";
import { boundTo, keyPart, type GrantRecord, type TokenPair } from "./record.ts";
import { parseJson } from "../parse-json.ts";
import type { Entry } from "./store.ts";
import { elapsedMs, momentOf, type Moment } from "./time.ts";

/** A good answer, until the store has it. */
export type Answer = {
  base: GrantRecord;
  /** What it was bought with. */
  spent: TokenPair;
  tokens: FreshTokens;
  /** When the request began, where this process sent it. */
  started?: Moment | undefined;
  bought: Purchase;
  /** Sealed once for each version that it may become. */
  sealed?: { version: number; text: string };
};

/** What an answer leaves out is as before (B3.5). */
const pairOf = ({ spent, tokens }: Answer): TokenPair => ({
  access: tokens.accessToken.reveal(),
  refresh: tokens.refreshToken?.reveal() ?? spent.refresh,
});

/**
 * Puts an answer where it belongs, whoever holds the lease by now: a good answer is never thrown away (B6). While the
 * record still holds the token that it was bought with, the answer is its next version, and any newer holder's intent
 * ends. If not, it goes to the spool. Answers the version that it became.
 */
export async function store(kit: Kit, answer: Answer): Promise<number | undefined> {
  const { base, bought, tokens, started } = answer;
  for (;;) {
    const found = await kit.grants.read(base.id);
    const { record } = found;
    // A write that seemed to fail had happened.
    if (record.current === answer.sealed?.text) return told(kit, answer, record);
    // Two holders bought with one token from a provider that answers each with another pair: the later one's is the
    // latest.
    const isLater =
      record.class.kind === "grace" && record.previous === base.current && bought.fence > record.boughtUnder;
    if (record.current !== base.current && !isLater) return void (await spoolLate(kit, answer, record));
    const version = record.version + 1;
    if (answer.sealed?.version !== version)
      answer.sealed = { version, text: await kit.vault.seal(JSON.stringify(pairOf(answer)), boundTo(record, version)) };
    const next = rotate(record, answer.sealed.text, tokens, bought);
    // Who has watched the record meanwhile would take the pair for new (B9).
    const ageMs = started === undefined ? 0 : elapsedMs(started, momentOf(kit.world));
    if (ageMs > noticeableMs) next.issuedAt.ageMs = ageMs;
    if ((await kit.grants.change(found, next, started)) !== undefined) return told(kit, answer, next);
  }
}

/** A pair that was written so long after it was asked for. */
const noticeableMs = 5000;

/** The record has the answer. */
function told(kit: Kit, { base }: Answer, record: GrantRecord): number {
  kit.emit({ type: "rotated", ...about(kit, record) });
  const [from = [], to = []] = [base.scope, record.scope];
  if (to.length !== from.length || to.some((scope) => !from.includes(scope)))
    kit.emit({ type: "scope_changed", ...about(kit, record), from, to });
  return record.version;
}

async function spoolLate(kit: Kit, answer: Answer, { version }: GrantRecord): Promise<void> {
  if (pairOf(answer).refresh === answer.spent.refresh) return;
  await writeSpool(kit, answer);
  kit.emit({ type: "late_answer", ...about(kit, { ...answer.base, version }) });
}

/**
 * Stores an answer, or holds it in memory until the store can take it. Of a lazy provider it is withheld: until it is
 * used the old token works, so nothing can be lost. Of any other it is handed out as volatile, because the old token is
 * doomed (B2).
 */
export async function keep(kit: Kit, answer: Answer): Promise<number | undefined> {
  try {
    return await persistently(kit, () => store(kit, answer));
  } catch (error) {
    if (!isStoreDown(error)) throw error;
    const { base } = answer;
    kit.held.set(base.id, answer);
    if (base.class.kind === "lazy") throw error;
    const spooled = await writeSpool(kit, answer).then(
      () => true,
      () => false,
    );
    kit.emit({ type: "volatile", ...about(kit, { ...base, version: base.version + 1 }), spooled });
    return undefined;
  }
}

/** Tries again to store what is held. Rejects where the store still does not answer. */
export async function storeHeld(kit: Kit, id: string): Promise<void> {
  const answer = kit.held.get(id);
  if (answer === undefined) return;
  await store(kit, answer);
  kit.held.delete(id);
  const key = spoolKey(id, answer.bought.fence);
  const spooled = await kit.spool.read(key).catch(() => undefined);
  if (spooled !== undefined) await kit.spool.remove(key, spooled.revision).catch(() => undefined);
}

type Spooled = { base: GrantRecord; sealed: string };

const spoolKey = (id: string, fence: number): string => `v.${keyPart(id)}.${fence}`;
const spoolBound = (base: GrantRecord | undefined): string => `spool ${base && boundTo(base, base.version)}`;

async function writeSpool({ spool, vault }: Kit, answer: Answer): Promise<void> {
  const { base, bought, spent, tokens } = answer;
  const { lifetimeSeconds, scope } = tokens;
  const sealed = await vault.seal(
    JSON.stringify({ pair: pairOf(answer), spent, lifetimeSeconds, scope, bought }),
    spoolBound(base),
  );
  const key = spoolKey(base.id, bought.fence);
  await spool.write(key, (await spool.read(key))?.revision ?? 0, JSON.stringify({ base, sealed } satisfies Spooled));
}

/**
 * Gives each spooled pair to its record, where that still holds the token it was bought with. Rejects with the first
 * failure, after all were tried.
 */
export async function emptySpool(kit: Kit): Promise<void> {
  const failed: unknown[] = [];
  for await (const entry of kit.spool.entries("v."))
    await giveBack(kit, entry, (id, work) => alone(kit, id, work)).catch((error: unknown) => failed.push(error));
  if (failed.length > 0) throw failed[0];
}

/** The same for one grant, by whoever works on it. What cannot be read there is left to `emptySpool`, which says so. */
export async function lookIntoSpool(kit: Kit, id: string): Promise<void> {
  try {
    for await (const entry of kit.spool.entries(`v.${keyPart(id)}.`))
      await giveBack(kit, entry, async (of, work) => (of === id ? work() : undefined)).catch(() => undefined);
  } catch (error) {
    if (!isStoreDown(error)) throw error;
  }
}

/** So long after it was bought, nobody needs a spooled pair any more. */
const spooledForMs = 30 * 86_400_000;

async function giveBack(
  kit: Kit,
  { key, revision, value }: Entry & { key: string },
  exclusively: (id: string, work: () => Promise<void>) => Promise<void>,
): Promise<void> {
  // An entry that is damaged does not open: the seal is bound to what names its grant.
  const { base, sealed } = (parseJson(value) as Spooled | null) ?? ({} as Spooled);
  const { pair, spent, bought, ...rest } = JSON.parse(await kit.vault.open(sealed, spoolBound(base))) as {
    pair: TokenPair;
  } & Pick<Answer, "spent" | "bought"> &
    FreshTokens;
  await exclusively(base.id, async () => {
    const { record } = await kit.grants.read(base.id);
    const current = await kit.grants.pair(record);
    // Where tokens are not rotated, a pair of long ago looks as if it had been bought with the present one.
    const fits = record.version === base.version && current.refresh === spent.refresh;
    if (fits)
      await store(kit, {
        base: record,
        spent: pair,
        tokens: { ...rest, accessToken: new Sealed(pair.access) },
        bought,
      });
    if (
      fits ||
      current.access === pair.access ||
      serverNowMs(kit, base.issuer) - bought.wallMs - bought.offsetMs > spooledForMs
    )
      await kit.spool.remove(key, revision);
  });
}

import type { World } from "../world.ts";
import { serverNowMs, type ClockOffsets } from "./clock-offsets.ts";
import type { DeathCause, Evidence } from "./errors.ts";
import type { GrantRecord } from "./record.ts";

type OfClient = {
  /** The provider's issuer. */
  issuer: string;
  /** The client at that provider. */
  clientId: string;
  /** Milliseconds since 1970, by the issuer's clock. */
  atMs: number;
};
type OfGrant = OfClient & {
  /** The id that the grant was adopted under. */
  id: string;
  /** Who consented, as `adopt` was told. */
  subject?: string | undefined;
  /** Counts the token pairs. */
  version: number;
};

/**
 * What happened, emitted after it was stored. A process that dies in between emits nothing: rely on the record, and use
 * events to hear of a change soon. Contains no secret.
 */
export type KeeperEvent =
  | (OfGrant & { type: "adopted" | "rotated" | "revoking" })
  /** The pair in the store was damaged, and its predecessor has replaced it. */
  | (OfGrant & { type: "restored" })
  | (OfGrant & { type: "scope_changed"; from: readonly string[]; to: readonly string[] })
  /** A refresh was possibly processed, its answer is lost, and it cannot be repeated yet. */
  | (OfGrant & { type: "ambiguous" | "suspect"; evidence: readonly Evidence[] })
  | (OfGrant & {
      type: "dead";
      cause: DeathCause;
      evidence: readonly Evidence[];
      reconnectUrl?: string | undefined;
      by?: string;
    })
  /** A pair in use is not in the store: if this process dies before it is, the pair survives only where `inOutbox`. */
  | (OfGrant & { type: "volatile"; inOutbox: boolean })
  /** A pair arrived after the grant had moved on; it is kept in the outbox. */
  | (OfGrant & { type: "late_answer" })
  /** The provider refuses the client: nothing is sent for any of its grants. */
  | (OfClient & { type: "paused"; code: string })
  | (OfClient & { type: "resumed" });

type GrantEvent = Extract<KeeperEvent, OfGrant>;
/** What an event carries besides the fields that every event of a grant has. */
type OwnFields<Event> = Event extends GrantEvent ? Omit<Event, keyof OfGrant> : never;

/** Emits an event of the grant in `record`. */
export function emitOf(
  context: { world: World; clockOffsets: ClockOffsets; emit(event: KeeperEvent): void },
  { id, issuer, clientId, subject, version }: GrantRecord,
  event: OwnFields<KeeperEvent>,
): void {
  context.emit({ ...event, id, issuer, clientId, subject, version, atMs: serverNowMs(context, issuer) } as GrantEvent);
}

/**
 * Emits to a callback and to any number of readers. A reader more than 1,000 events behind loses the oldest. Closing
 * ends every reader once it has read what is queued.
 */
export function createEvents(onEvent?: (event: KeeperEvent) => void): {
  emit(event: KeeperEvent): void;
  close(): void;
  events: AsyncIterable<KeeperEvent>;
} {
  type Reader = { queue: KeeperEvent[]; waiting: (() => void)[] };
  const readers = new Set<Reader>();
  let closed = false;
  const wake = ({ waiting }: Reader): void => waiting.splice(0).forEach((go) => go());
  const leave = (reader: Reader): void => {
    readers.delete(reader);
    wake(reader);
  };
  return {
    emit(event) {
      try {
        onEvent?.(event);
      } catch {
        // A callback that throws must not fail the refresh that it reports.
      }
      for (const reader of readers) {
        if (reader.queue.push(event) > 1000) reader.queue.shift();
        wake(reader);
      }
    },
    close() {
      closed = true;
      readers.forEach(leave);
    },
    events: {
      [Symbol.asyncIterator]() {
        const reader: Reader = { queue: [], waiting: [] };
        if (!closed) readers.add(reader);
        return {
          async next() {
            while (reader.queue.length === 0 && readers.has(reader))
              await new Promise<void>((resolve) => reader.waiting.push(resolve));
            const value = reader.queue.shift();
            return value === undefined ? { done: true, value } : { done: false, value };
          },
          async return() {
            reader.queue = [];
            leave(reader);
            return { done: true, value: undefined };
          },
        };
      },
    },
  };
}

import type { DeathCause, Evidence } from "./record.ts";

type OfGrant = {
  id: string;
  issuer: string;
  clientId: string;
  subject?: string | undefined;
  version: number;
  atMs: number;
};
type OfClient = { issuer: string; clientId: string; atMs: number };

/**
 * What happened, told after it was stored. Who dies between storing and telling tells nobody: the record has the truth,
 * an event is for those who want to hear of it soon. Nothing in an event is secret.
 */
export type KeeperEvent =
  | (OfGrant & { type: "adopted" | "rotated" | "revoking" })
  /** The store damaged a pair, and its predecessor has taken its place. */
  | (OfGrant & { type: "restored" })
  | (OfGrant & { type: "scope_changed"; from: readonly string[]; to: readonly string[] })
  /** A refresh was perhaps processed, its answer is lost, and it cannot be repeated yet. */
  | (OfGrant & { type: "ambiguous" | "suspect"; evidence: readonly Evidence[] })
  | (OfGrant & {
      type: "dead";
      cause: DeathCause;
      evidence: readonly Evidence[];
      reconnectUrl?: string | undefined;
      by?: string;
    })
  /**
   * A pair in use is not in the store: until it is, the process must not be lost. `spooled`: but it is in the spool.
   */
  | (OfGrant & { type: "volatile"; spooled: boolean })
  /** A pair arrived after the grant had moved on; it is kept in the spool. */
  | (OfGrant & { type: "late_answer" })
  /** The provider refuses the client: nothing is sent for any of its grants. */
  | (OfClient & { type: "paused"; code: string })
  | (OfClient & { type: "resumed" });

/**
 * Tells a callback and any number of readers. A reader who falls 1,000 events behind loses the oldest; closing ends
 * all, once they have read what is there.
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
        // A listener that fails is no reason to lose a grant.
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

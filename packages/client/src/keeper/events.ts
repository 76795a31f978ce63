import type { DeathCause, Evidence } from "./record.ts";

type OfGrant = { id: string; issuer: string; clientId: string; subject?: string | undefined; version: number; atMs: number };
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
  | (OfGrant & { type: "dead"; cause: DeathCause; evidence: readonly Evidence[]; reconnectUrl?: string | undefined; by?: string })
  /** A pair in use is not in the store: until it is, the process must not be lost. `spooled`: but it is in the spool. */
  | (OfGrant & { type: "volatile"; spooled: boolean })
  /** A pair arrived after the grant had moved on; it is kept in the spool. */
  | (OfGrant & { type: "late_answer" })
  /** The provider refuses the client: nothing is sent for any of its grants. */
  | (OfClient & { type: "paused"; code: string })
  | (OfClient & { type: "resumed" });

/** Tells a callback and any number of readers. A reader who falls 1,000 events behind loses the oldest. */
export function createEvents(onEvent?: (event: KeeperEvent) => void): { emit(event: KeeperEvent): void; close(): void; events: AsyncIterable<KeeperEvent> } {
  type Reader = { queue: KeeperEvent[]; wake?: () => void };
  const readers = new Set<Reader>();
  let closed = false;
  return {
    emit(event) {
      try {
        onEvent?.(event);
      } catch {
        // A listener that fails is no reason to lose a grant.
      }
      for (const reader of readers) {
        if (reader.queue.push(event) > 1000) reader.queue.shift();
        reader.wake?.();
      }
    },
    close() {
      closed = true;
      for (const { wake } of readers) wake?.();
    },
    events: {
      [Symbol.asyncIterator]() {
        const reader: Reader = { queue: [] };
        readers.add(reader);
        return {
          async next() {
            while (reader.queue.length === 0 && !closed) await new Promise<void>((resolve) => (reader.wake = resolve));
            const value = reader.queue.shift();
            return value === undefined ? { done: true, value } : { done: false, value };
          },
          async return() {
            readers.delete(reader);
            return { done: true, value: undefined };
          },
        };
      },
    },
  };
}

import { StoreUnavailable } from "@symbolon/server";

/** Primary result codes of SQLite (https://www.sqlite.org/rescode.html). */
const code = {
  perm: 3,
  busy: 5,
  locked: 6,
  nomem: 7,
  readonly: 8,
  interrupt: 9,
  ioerr: 10,
  corrupt: 11,
  full: 13,
  cantopen: 14,
  protocol: 15,
  notadb: 26,
} as const;

const storageCodes = new Set<number>(Object.values(code));
const busyCodes = new Set<number>([code.busy, code.locked, code.protocol]);

const primaryCode = (error: unknown): number =>
  error instanceof Error && "errcode" in error && typeof error.errcode === "number" ? error.errcode & 0xff : -1;

/** Another connection holds the lock: a retry may succeed. */
export const isBusy = (error: unknown): boolean => busyCodes.has(primaryCode(error));

/** The disk, the file or the lock failed, not the statement: the transaction cannot be trusted. */
export const isStorageFault = (error: unknown): boolean =>
  error instanceof StoreUnavailable || storageCodes.has(primaryCode(error));

export const isNotADatabase = (error: unknown): boolean => primaryCode(error) === code.notadb;

/** A storage fault as `StoreUnavailable`; every other error is returned unchanged. */
export function asStoreError(error: unknown): unknown {
  if (error instanceof StoreUnavailable || !isStorageFault(error)) return error;
  return unavailable(error);
}

/** For a commit whose outcome is unknown. */
export const unavailable = (cause: unknown): StoreUnavailable =>
  cause instanceof StoreUnavailable
    ? cause
    : new StoreUnavailable(cause instanceof Error ? cause.message : String(cause), { cause });

/** This program may not open the file. The message says what to do. */
export class DatabaseRefused extends Error {
  override readonly name = "DatabaseRefused";
}

import type { StatementSync } from "node:sqlite";
import {
  assertSameRow,
  type Beside,
  copyString,
  type ChangeableRow,
  type HolderOf,
  type Page,
  type RowChange,
} from "@symbolon/server";
import type { KnownRows } from "./memory.ts";

/** How the changes of one table are stored. All of them run within one write. */
export type RowWrites<Id extends string, Row extends ChangeableRow<Id>> = {
  read(id: Id): Row | undefined;
  holderOf: HolderOf<Id>;
  /** The text that no other row of the table may have. */
  uniqueText(row: Row): string | undefined;
  /** Returns whether there was a row of that id and version. */
  replace(row: Row): boolean;
  remove(id: Id): void;
  storeBeside(beside: Beside): void;
};

/** One change of a row, within a write. */
export function changeRow<Id extends string, Row extends ChangeableRow<Id>, T>(
  id: Id,
  decide: (row: Row | undefined, holderOf: HolderOf<Id>) => RowChange<Row, T>,
  table: RowWrites<Id, Row>,
): T {
  const before = table.read(id);
  const { answer, write, remove, ...beside } = decide(before, table.holderOf);
  if (write !== undefined) {
    assertSameRow(before, write);
    const text = table.uniqueText(write);
    const holder = text === undefined ? undefined : table.holderOf(text);
    if (holder !== undefined && holder !== id) throw new Error("another row has this text");
    if (!table.replace(write)) throw new Error("the row written is not the row read");
  } else if (remove && before !== undefined) table.remove(id);
  table.storeBeside(beside);
  return answer;
}

/** Before the first row: no row is that old. */
const beforeEveryRow = Number.MIN_SAFE_INTEGER;

/** `statement` has three parameters: the time and the id that the rows come after, and their number. */
export function rowsOfPage<Id extends string>(
  statement: StatementSync,
  { after, limit }: Page<Id> = {},
  pack: (id: Id) => string | Uint8Array,
): unknown[] {
  const position = after === undefined ? [beforeEveryRow, ""] : [after.createdAt, pack(after.id)];
  return statement.all(...position, limit ?? -1);
}

/** A row from memory or, if it is not there, from the database. That there is none is remembered too, as `null`. */
export function lookUp<Id extends string, Row>(
  known: KnownRows<Id, Row | null>,
  id: Id,
  readRow: (id: Id) => Row | undefined,
): Row | undefined {
  const row = known.get(id);
  return (row === undefined ? known.remember(copyString(id) as Id, readRow(id) ?? null) : row) ?? undefined;
}

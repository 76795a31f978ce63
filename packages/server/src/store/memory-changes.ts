import type { ChangeableRow, RowStore } from "./contract.ts";
import { assertBeside, storeBeside } from "./memory-beside.ts";
import { copyOf, type Rows } from "./memory-rows.ts";
import { assertSameRow } from "./row-change.ts";

/**
 * The rows of one table. `uniqueText`: what no other row of the table may have. `alsoChange` runs in the same step as a
 * write (`after`) or a removal (no `after`).
 */
export function rowStore<Id extends string, Row extends ChangeableRow<Id>>(
  rows: Rows,
  table: Map<Id, Row>,
  uniqueText: (row: Row) => string | undefined,
  alsoChange: (before: Row, after: Row | undefined) => void = () => {},
): RowStore<Id, Row> {
  const holderOf = (text: string) => holderIn(table, (row) => uniqueText(row) === text);
  return {
    find: async (id) => {
      rows.assertOpen();
      return copyOf(table.get(id));
    },
    change: async (id, decide) => {
      rows.assertOpen();
      const before = table.get(id);
      const { answer, write, remove, ...beside } = decide(copyOf(before), holderOf);
      assertBeside(rows, beside);
      if (write !== undefined) {
        assertSameRow(before, write);
        const text = uniqueText(write);
        const holder = text === undefined ? undefined : holderOf(text);
        if (holder !== undefined && holder !== id) throw new Error("another row has this text");
        table.set(id, { ...structuredClone(write), version: write.version + 1 });
        alsoChange(before, write);
      } else if (remove && before !== undefined) {
        table.delete(id);
        alsoChange(before, undefined);
      }
      storeBeside(rows, beside);
      return answer;
    },
    list: async ({ after, limit } = {}) => {
      rows.assertOpen();
      const sorted = [...table.values()].sort(oldestFirst);
      const rest = after === undefined ? sorted : sorted.filter((row) => oldestFirst(after, row) < 0);
      return structuredClone(rest.slice(0, limit));
    },
  };
}

export const holderIn = <Id extends string, Row extends { id: Id }>(
  table: Map<Id, Row>,
  hasText: (row: Row) => boolean,
): Id | undefined => [...table.values()].find(hasText)?.id;

type Position = Pick<ChangeableRow<string>, "id" | "createdAt">;
const oldestFirst = (one: Position, other: Position): number =>
  one.createdAt - other.createdAt || Number(one.id > other.id) - Number(one.id < other.id);

import type { ChangeableRow, RowStore } from "@symbolon/server";

type Rows<Id extends string, Row extends ChangeableRow<Id>> = Pick<RowStore<Id, Row>, "change">;

/** Changes members of a row, if there is one. Returns whether there is. */
export const editRow = <Id extends string, Row extends ChangeableRow<Id>>(
  rows: Rows<Id, Row>,
  id: Id,
  members: Partial<Row>,
): Promise<boolean> =>
  rows.change(id, (row) => (row === undefined ? { answer: false } : { answer: true, write: { ...row, ...members } }));

/** Removes a row. Returns whether there was one. */
export const removeRow = <Id extends string, Row extends ChangeableRow<Id>>(
  rows: Rows<Id, Row>,
  id: Id,
): Promise<boolean> => rows.change(id, (row) => ({ answer: row !== undefined, remove: true }));

import { decodeBase64Url, encodeBase64Url } from "@symbolon/protocol";
import type { Keyring } from "../keyring/keyring.ts";
import { refusal, type Outcome } from "./operation.ts";
import { defaultLimit } from "./schemas.ts";

type Row = { id: string; createdAt: number };
/** Where a row stands in its list. */
type Place<T extends Row> = Pick<T, "id" | "createdAt">;

/** The part of a list that the query asks for. `read` gets the position and how many rows to return. */
export async function listPart<T extends Row, View>(
  list: string,
  { limit = defaultLimit, cursor }: { limit?: number | undefined; cursor?: string | undefined },
  keyring: Keyring,
  view: (row: T) => View,
  read: (page: { after?: Place<T>; limit: number }) => Promise<T[]>,
): Promise<Outcome<{ items: View[]; next: string | null }>> {
  const after = cursor === undefined ? undefined : readCursor<T>(list, cursor, keyring);
  if (cursor !== undefined && after === undefined) return refusedCursor;
  const rows = await read({ ...(after === undefined ? {} : { after }), limit: limit + 1 });
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    ok: true,
    answer: {
      items: rows.slice(0, limit).map(view),
      next: last === undefined ? null : writeCursor(list, last, keyring),
    },
  };
}

const refusedCursor = refusal("query_invalid", [
  { parameter: "cursor", expected: "must be `next` of the part before, of the same list" },
]);

/** A position with a MAC, so that no one can send one of their own (AD-07). */
function writeCursor(list: string, { id, createdAt }: Row, keyring: Keyring): string {
  const body = encodeBase64Url(Buffer.from(`${createdAt} ${id}`));
  return `${body}.${keyring.seal("cursor", `${list}\0${body}`)}`;
}

/** The position in a cursor of this list; `undefined` for any other text. */
function readCursor<T extends Row>(list: string, cursor: string, keyring: Keyring): Place<T> | undefined {
  const [body = "", mac = "", ...more] = cursor.split(".");
  if (more.length > 0 || !keyring.isSealed("cursor", `${list}\0${body}`, mac)) return undefined;
  const [createdAt, id] = Buffer.from(decodeBase64Url(body)!).toString().split(" ");
  return { createdAt: Number(createdAt), id: id! };
}

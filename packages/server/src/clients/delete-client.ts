import type { ClientId } from "@symbolon/protocol";
import type { Deps } from "../deps.ts";
import { revokeGrants } from "../grants/revoke-grants.ts";

/**
 * Deletes a client and revokes all of its grants. May be repeated after an interruption: a second call revokes the
 * grants that are left. Answers `undefined` where there is neither a client nor a grant to revoke.
 */
export async function deleteClient(
  id: ClientId,
  deps: Pick<Deps, "store" | "clock">,
): Promise<{ revokedGrants: number } | undefined> {
  const existed = await deps.store.applications.change(id, (row) => ({ answer: row !== undefined, remove: true }));
  const revokedGrants = await revokeGrants({ application: id }, "application_deleted", deps);
  return existed || revokedGrants > 0 ? { revokedGrants } : undefined;
}

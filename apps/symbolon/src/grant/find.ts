import { isGrantId, type GrantId } from "@symbolon/protocol";
import { Failure, UsageError } from "../command/failure.ts";

/** Refuses a token in the place of an id with a message of its own, because that is a common mistake. */
export function readGrantId(text: string): GrantId {
  const id = text.toLowerCase();
  if (isGrantId(id)) return id;
  if (text.startsWith("sym_"))
    throw new UsageError("ID must be the id of a grant, not a token.", "symbolon token explain TOKEN shows the grant.");
  throw new UsageError(
    `ID must be the id of a grant, not "${text.slice(0, 40)}".`,
    "A grant id looks like 01a20200-ec6d-7d93-b82d-95400ba20e15. symbolon grant list shows the grants.",
  );
}

export function refuseUnknownGrant(id: GrantId): never {
  throw new Failure(
    `There is no grant ${id}.`,
    "It may have been removed a week after its end. symbolon grant list shows the grants.",
  );
}

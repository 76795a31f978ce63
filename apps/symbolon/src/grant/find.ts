import { isGrantId, type GrantId } from "@symbolon/protocol";
import { Failure, UsageError } from "../command/failure.ts";

/** A token in the place of an id is a common mistake, and has a command of its own. */
export function readGrantId(text: string): GrantId {
  const id = text.toLowerCase();
  if (isGrantId(id)) return id;
  if (text.startsWith("sym_"))
    throw new UsageError("That is a token, not the id of a grant.", "symbolon token explain TOKEN names its grant.");
  throw new UsageError(
    `"${text.slice(0, 40)}" is not the id of a grant.`,
    "It looks like 01a20200-ec6d-7d93-b82d-95400ba20e15; symbolon grant list shows them.",
  );
}

export function noGrant(id: GrantId): never {
  throw new Failure(
    `There is no grant ${id}.`,
    "It may have ended long ago and been swept; symbolon grant list shows what is there.",
  );
}

import { randomUUID } from "node:crypto";
import type { ResourceName } from "@symbolon/protocol";
import type { AccountResource } from "@symbolon/server";
import { UsageError } from "../command/failure.ts";

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** `Company/Acme`: a new id, labelled Acme. `Company/<uuid>`: that very id. */
export function readResource(text: string): AccountResource {
  const [, type, rest = ""] = /^([A-Za-z][A-Za-z0-9]{0,39})\/(.*)$/u.exec(text.normalize("NFC")) ?? [];
  const label = rest.trim();
  const isGood = type !== undefined && label !== "" && label.length <= 80 && !/\p{Cc}/u.test(label);
  if (!isGood)
    throw new UsageError(
      `--resource must be Type/Name, not "${text.slice(0, 80)}".`,
      "For example --resource Company/Acme, or Company/ and a UUID that you use already.",
    );
  const isId = uuid.test(label);
  return { name: `${type}/${isId ? label.toLowerCase() : randomUUID()}` as ResourceName, label };
}

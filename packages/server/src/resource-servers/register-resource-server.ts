import { isResourceIndicator, type ClientSecret } from "@symbolon/protocol";
import type { ResourceServer } from "../applications/application.ts";
import { validateDisplayName } from "../clients/display-name.ts";
import { newClientId, newClientSecret } from "../clients/new-client-secret.ts";
import { nowOf, type Deps } from "../deps.ts";
import { invalid, problemsOf, taken, type Validated } from "../field-problem.ts";

export type ResourceServerRegistration = Pick<ResourceServer, "name" | "resource">;

export type ResourceServerField = keyof ResourceServerRegistration;

/** Checks both fields. `resource` is an RFC 8707 resource indicator, or absent. */
export function validateResourceServer(input: {
  name?: string | undefined;
  resource?: string | undefined;
}): Validated<ResourceServerRegistration, ResourceServerField> {
  const name = validateDisplayName(input.name);
  const resource = validateResource(input.resource);
  if (name.ok && resource.ok) return { ok: true, value: { name: name.value, resource: resource.value } };
  return { ok: false, problems: problemsOf<ResourceServerField>([name, resource]) };
}

function validateResource(text: string | undefined): Validated<string | null, "resource"> {
  if (text === undefined) return { ok: true, value: null };
  return isResourceIndicator(text)
    ? { ok: true, value: text }
    : invalid("resource", "must be an absolute URI without a fragment", { value: text });
}

/**
 * Stores a new resource server; its secret is in this answer and nowhere else. Refuses a `resource` that another
 * resource server has: each has an identifier of its own (RFC 8707).
 */
export async function registerResourceServer(
  { name, resource }: ResourceServerRegistration,
  deps: Pick<Deps, "store" | "keyring" | "clock" | "random">,
): Promise<Validated<{ resourceServer: ResourceServer; secret: ClientSecret }, "resource">> {
  const id = newClientId("rs", deps.random);
  const { secret, slot } = newClientSecret(id, deps);
  const resourceServer: ResourceServer = {
    id,
    name,
    secrets: [slot],
    resource,
    createdAt: nowOf(deps.clock),
    version: 0,
  };
  if (await deps.store.resourceServers.insert(resourceServer)) return { ok: true, value: { resourceServer, secret } };
  const holder = (await deps.store.resourceServers.list()).find((other) => other.resource === resource);
  return taken("resource", `belongs to ${holder?.id ?? "another resource server"} already`, resource!);
}

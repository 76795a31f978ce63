import type { ClientId } from "@symbolon/protocol";
import type { ResourceServer } from "@symbolon/server";
import { Failure } from "../command/failure.ts";
import type { System } from "../data/open-system.ts";

export async function findResourceServer(id: string, { store }: System): Promise<ResourceServer> {
  return (await store.resourceServers.find(id as ClientId)) ?? refuseUnknownResourceServer(id);
}

export function refuseUnknownResourceServer(id: string): never {
  throw new Failure(
    `There is no resource server ${id.slice(0, 40)}.`,
    "symbolon resource-server list shows all resource servers.",
  );
}

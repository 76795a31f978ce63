import type { ClientId } from "@symbolon/protocol";
import type { Application } from "@symbolon/server";
import { Failure } from "../command/failure.ts";
import type { System } from "../data/open-system.ts";

export async function findApplication(id: string, { store }: System): Promise<Application> {
  return (await store.applications.find(id as ClientId)) ?? refuseUnknownApplication(id);
}

export function refuseUnknownApplication(id: string): never {
  throw new Failure(`There is no application ${id.slice(0, 40)}.`, "symbolon app list shows all applications.");
}

import type { KeeperContext } from "./context.ts";
import { statusOf, type GrantStatus } from "./status.ts";

/** The status of every grant that can be read, dead ones too. */
export async function* listStatus(context: KeeperContext): AsyncGenerator<GrantStatus> {
  for await (const stored of context.grants.all()) yield statusOf(context, stored);
}

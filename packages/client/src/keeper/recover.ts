import type { KeeperContext } from "./context.ts";
import type { StoredGrant } from "./grants.ts";
import { replayWindowMs, type GrantRecord } from "./record.ts";
import { sweepGrants, type Swept } from "./sweep.ts";

/** Finishes what dead processes left: refreshes first, those with the shortest replay window foremost (B3.3). */
export async function recover(context: KeeperContext, signal: AbortSignal | undefined): Promise<Swept> {
  const unfinished: StoredGrant[] = [];
  for await (const stored of context.grants.all())
    if (stored.record.intent !== undefined || stored.record.state === "revoking") unfinished.push(stored);
  unfinished.sort((a, b) => urgency(a.record) - urgency(b.record));
  return sweepGrants(context, unfinished, { recovering: true, signal });
}

const urgency = ({ state, class: rotation }: GrantRecord): number =>
  state === "revoking" ? Infinity : rotation.kind === "strict" ? 1e9 : Math.min(1e10, replayWindowMs(rotation));

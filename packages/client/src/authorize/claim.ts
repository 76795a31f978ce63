import { platformWorld } from "../edge.ts";
import type { World } from "../world.ts";

/**
 * Answers true for an id the first time, and false ever after until `untilMs` (milliseconds since 1970): what makes a
 * callback work once. Behind several processes let it be one place that all share, such as an insert under a unique key.
 */
export type Claim = (id: string, untilMs: number) => boolean | Promise<boolean>;

/** For one process: remembers what it has seen, no longer than it must. */
export function claimInMemory(world: World = platformWorld): Claim {
  const seen = new Map<string, number>();
  return (id, untilMs) => {
    const now = world.epochMs();
    for (const [known, until] of seen) if (until < now) seen.delete(known);
    if (seen.has(id)) return false;
    seen.set(id, untilMs);
    return true;
  };
}

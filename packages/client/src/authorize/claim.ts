import { platformWorld } from "../edge.ts";
import type { MaybePromise } from "../maybe-promise.ts";
import type { World } from "../world.ts";

/**
 * Makes a callback usable once. Returns true the first time it is called with an `id`, and false for that id until
 * `untilMs` (milliseconds since 1970). With several processes use storage that all of them share, such as an insert
 * under a unique key.
 */
export type Claim = (id: string, untilMs: number) => MaybePromise<boolean>;

/** A `Claim` in this process's memory. Entries are dropped after `untilMs`. Each call creates a separate memory. */
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

const claims = new WeakMap<World, Claim>();

/**
 * The memory that all clients of this process share, so that a client created for each request still detects a repeated
 * callback. A test's own `world` has its own memory.
 */
export function processWideClaim(world: World = platformWorld): Claim {
  const known = claims.get(world);
  if (known !== undefined) return known;
  const claim = claimInMemory(world);
  claims.set(world, claim);
  return claim;
}

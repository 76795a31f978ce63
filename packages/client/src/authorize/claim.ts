import { platformWorld } from "../edge.ts";
import type { World } from "../world.ts";

/**
 * Answers true for an id the first time, and false ever after until `untilMs` (milliseconds since 1970): what makes a
 * callback work once. Behind several processes let it be one place that all share, such as an insert under a unique
 * key.
 */
export type Claim = (id: string, untilMs: number) => boolean | Promise<boolean>;

/** Remembers in this process what it has seen, no longer than it must; each call makes another memory. */
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

const ofProcess = new WeakMap<World, Claim>();

/**
 * The one memory of this process that all its clients share, so that a client made anew for each request forgets
 * nothing. A world of a test has its own.
 */
export function claimOfProcess(world: World = platformWorld): Claim {
  const known = ofProcess.get(world);
  if (known !== undefined) return known;
  const claim = claimInMemory(world);
  ofProcess.set(world, claim);
  return claim;
}

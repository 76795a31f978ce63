import { spawnSync } from "node:child_process";

/** Which core the servers run on, and which one the load generator. */
export type Cores = { server: number; load: number };

/** Two cores that this process may use, or `undefined` if there is no taskset or only one core. */
export function findCores(): Cores | undefined {
  const asked = spawnSync("taskset", ["-cp", String(process.pid)], { encoding: "utf8" });
  if (asked.status !== 0) return undefined;
  const [load, server] = coresOf(asked.stdout.slice(asked.stdout.lastIndexOf(":") + 1).trim());
  return load === undefined || server === undefined ? undefined : { server, load };
}

/** Moves this process and all its threads to one core. */
export function pinSelf(core: number): void {
  spawnSync("taskset", ["-acp", String(core), String(process.pid)], { stdio: "ignore" });
}

/** The command that runs `command` on one core. taskset becomes the command, so the process id is the same. */
export const pinned = (core: number | undefined, command: readonly string[]): readonly string[] =>
  core === undefined ? command : ["taskset", "-c", String(core), ...command];

/** "0,2-4" → 0, 2, 3, 4. */
export function coresOf(list: string): number[] {
  return [...list.matchAll(/(\d+)(?:-(\d+))?/g)].flatMap(([, from, to = from]) =>
    Array.from({ length: Number(to) - Number(from) + 1 }, (_, index) => Number(from) + index),
  );
}

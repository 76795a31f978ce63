import { join, resolve } from "node:path";
import type { Script } from "./connection.ts";
import { clientCredentialsScript, introspectScript, refreshScript } from "./scripts.ts";
import type { Seed } from "./seed.ts";

/** One line of the table: a server, and what it is asked. */
export type Contender = {
  name: string;
  /** What a reader should know of the work. */
  says: string;
  /** The checkout whose server runs. */
  root: string;
  /** Below `bench/servers`. */
  server: "bare.ts" | "symbolon.ts";
  /** What connection `at` of `count` sends. */
  script: (seed: Seed, at: number, count: number) => Script;
};

const here = join(import.meta.dirname, "..");

/** What everything else is a ratio of. */
export const bare: Contender = {
  name: "bare node:http",
  says: "the floor: reads the same introspection requests, answers a fixed JSON of the same length",
  root: here,
  server: "bare.ts",
  script: introspectScript,
};

const ours = [
  { name: "introspect", says: "a resource server (Basic) asks about tokens in use", script: introspectScript },
  { name: "refresh", says: "rotation, each answered after its commit has reached the disk (synchronous=FULL)", script: refreshScript },
  { name: "client-credentials", says: "a new access token of a standing grant", script: clientCredentialsScript },
] as const;

export const names: readonly string[] = ours.map(({ name }) => name);

/** The bare server, then ours; where there is another checkout, ours of that one beside each. */
export function contenders(only: readonly string[], beside: string | undefined): Contender[] {
  const chosen = ours.filter(({ name }) => only.length === 0 || only.includes(name));
  return [
    bare,
    ...chosen.flatMap((contender): Contender[] => {
      const own: Contender = { ...contender, root: here, server: "symbolon.ts" };
      if (beside === undefined) return [own];
      return [{ ...own, name: `${own.name} (beside)`, says: "the same, by the other checkout", root: resolve(beside) }, own];
    }),
  ];
}

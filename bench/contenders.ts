import { join, resolve } from "node:path";
import { bearer, post } from "./requests.ts";
import {
  batchScript,
  checkScript,
  clientCredentialsScript,
  introspectScript,
  ownTokensScript,
  redeemCodeScript,
  refreshScript,
  type Writer,
} from "./scripts.ts";
import type { SeedKind } from "./seeds/write-seed.ts";

export const works = ["introspect", "batch", "refresh", "client-credentials", "redeem"] as const;
export type Work = (typeof works)[number];

/** A server, the kind of its database, and the requests that it supports. */
type Entrant = {
  name: string;
  /** Below `bench/servers`. */
  script: string;
  /** `none`: nothing to keep; `own`: the server fills its memory itself. */
  seed: SeedKind | "none" | "own";
  /** No server here redeems more codes per second; so many are seeded. */
  codesPerSecond: number;
  asks: Partial<Record<Work, Writer>>;
};

/** Larger ones are no faster per token, and hold more in memory at once. */
export const batchSize = 100;

const bare: Entrant = {
  name: "bare node:http",
  script: "bare.ts",
  seed: "none",
  codesPerSecond: 0,
  asks: { introspect: introspectScript("/oauth/introspect") },
};

const symbolon: Entrant = {
  name: "symbolon",
  script: "symbolon.ts",
  seed: "symbolon",
  codesPerSecond: 20_000,
  asks: {
    introspect: introspectScript("/oauth/introspect"),
    batch: batchScript("/oauth/introspect/batch", batchSize),
    refresh: refreshScript("/oauth/token"),
    "client-credentials": clientCredentialsScript("/oauth/token"),
    redeem: redeemCodeScript("/oauth/token"),
  },
};

const oidcAsks: Entrant["asks"] = {
  introspect: introspectScript("/token/introspection"),
  refresh: refreshScript("/token"),
  "client-credentials": clientCredentialsScript("/token"),
  redeem: redeemCodeScript("/token"),
};

const entrants: readonly Entrant[] = [
  bare,
  { ...bare, name: "fastify", script: "fastify.ts" },
  symbolon,
  { name: "oidc-provider (memory)", script: "oidc-memory.ts", seed: "own", codesPerSecond: 3000, asks: oidcAsks },
  {
    name: "oidc-provider (SQLite)",
    script: "oidc-sqlite.ts",
    seed: "oidc-sqlite",
    codesPerSecond: 2500,
    asks: oidcAsks,
  },
  {
    name: "oauth2-server (SQLite)",
    script: "oauth2-server.ts",
    seed: "oauth2-server",
    codesPerSecond: 6000,
    asks: {
      introspect: checkScript((token) => post("/check", "check=1", [bearer(token)]), '"active":true'),
      refresh: refreshScript("/token"),
      "client-credentials": clientCredentialsScript("/token"),
      redeem: redeemCodeScript("/token"),
    },
  },
  {
    name: "better-auth (SQLite)",
    script: "better-auth.ts",
    seed: "better-auth",
    codesPerSecond: 2500,
    asks: {
      introspect: ownTokensScript("/api/auth/oauth2/introspect"),
      refresh: refreshScript("/api/auth/oauth2/token"),
      "client-credentials": clientCredentialsScript("/api/auth/oauth2/token"),
      redeem: redeemCodeScript("/api/auth/oauth2/token"),
    },
  },
];

export const entrantNames: readonly string[] = entrants.map(({ name }) => name);

/** One line of the table: a server, and what it is asked. */
export type Contender = {
  work: Work;
  server: string;
  /** What a reader should know of the work. */
  description: string;
  /** Tokens that one answer is about. */
  tokens: number;
  /** The checkout whose server runs. */
  root: string;
  script: string;
  seed: Entrant["seed"];
  codesPerSecond: number;
  writer: Writer;
};

const description: Record<Work, string> = {
  introspect: "a resource server (Basic) asks about tokens in use",
  batch: `the same about ${batchSize} tokens in one request`,
  refresh: "rotation, each answered after its commit has reached the disk (synchronous=FULL)",
  "client-credentials": "a new access token for an application that acts for itself",
  redeem: "an authorization code with PKCE becomes tokens, each answered after its commit has reached the disk",
};

const here = join(import.meta.dirname, "..");

/** Bare node:http first, then by work; where there is another checkout, ours of that one beside each. */
export function contenders(only: readonly string[], beside: string | undefined): Contender[] {
  const isWanted = (work: Work, server: string): boolean => {
    const [wantedWorks, wantedServers] = [only.filter((name) => isWork(name)), only.filter((name) => !isWork(name))];
    if (server === bare.name) return true;
    return (
      (wantedWorks.length === 0 || wantedWorks.includes(work)) &&
      (wantedServers.length === 0 || wantedServers.includes(server))
    );
  };
  const found = works.flatMap((work) => entrants.flatMap((entrant) => contender(work, entrant)));
  return found
    .filter(({ work, server }) => isWanted(work, server))
    .flatMap((own) =>
      beside === undefined || own.server !== symbolon.name
        ? [own]
        : [{ ...own, server: "symbolon (beside)", root: resolve(beside) }, own],
    );
}

const isWork = (name: string): name is Work => works.some((work) => work === name);

/** The contender that is Symbolon at introspection or refresh, for measurements of Symbolon only. */
export const ours = (work: Work): Contender => contender(work, symbolon)[0]!;

function contender(work: Work, { name, script, seed, codesPerSecond, asks }: Entrant): Contender[] {
  const writer = asks[work];
  if (writer === undefined) return [];
  return [
    {
      work,
      server: name,
      description: description[work],
      tokens: work === "batch" ? batchSize : 1,
      root: here,
      script,
      seed,
      codesPerSecond: work === "redeem" ? codesPerSecond : 0,
      writer,
    },
  ];
}

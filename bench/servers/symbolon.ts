import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import {
  buildServer,
  defaultLifetimes,
  gcraLimiter,
  hmacKeyring,
  nowOf,
  standardLimits,
  type Deps,
  type Pages,
  type PasswordHasher,
  type ServerConfig,
} from "@symbolon/server";
import { openSqliteStore } from "@symbolon/store-sqlite";
import { benchIssuer } from "../requests.ts";
import type { BenchKeyring } from "../seeds/symbolon.ts";
import { listenAndReport } from "./report-to-parent.ts";
import { systemClock, systemRandom } from "./world.ts";

// As the command does (apps/symbolon/src/edge/young-memory.ts).
setFlagsFromString("--semi-space-growth-factor=1");

/**
 * `node symbolon.ts DIRECTORY`: the authorization server on a seeded database, with the default settings except for its
 * rate limits.
 */
const directory = process.argv[2]!;
const keyring = JSON.parse(readFileSync(join(directory, "keyring.json"), "utf8")) as BenchKeyring;

const config: ServerConfig = {
  issuer: benchIssuer,
  hosts: [],
  scopes: {},
  lifetimes: defaultLifetimes,
  tokenRequestsPerMinute: 1e9,
};

const never = () => {
  throw new Error("the bench has no sign-in and no pages");
};
const passwords: PasswordHasher = { hash: never, verify: never };
const pages: Pages = {
  signIn: never,
  signInWays: never,
  consent: never,
  redirect: never,
  signOut: never,
  problem: never,
  reason: never,
  home: never,
  languages: [],
  assets: {},
  signInScripts: [],
};

const deps: Deps = {
  config,
  store: openSqliteStore({ path: join(directory, "symbolon.sqlite"), create: false }),
  keyring: hmacKeyring(() => keyring),
  clock: systemClock,
  random: systemRandom,
  passwords,
  limiter: gcraLimiter(standardLimits(config.tokenRequestsPerMinute), systemClock),
  emit: (event) => event.name === "server.fault" && console.error(event.cause),
};

/**
 * A batch every tenth of a second, as the command does while it finds something
 * (apps/symbolon/src/serve/sweep-timer.ts).
 */
let sweeping: NodeJS.Timeout | undefined;
const sweep = (batch: number): void => {
  clearInterval(sweeping);
  if (batch > 0) sweeping = setInterval(() => void deps.store.sweep(nowOf(deps.clock), batch), 100);
};

const app = buildServer(deps, pages);
await app.ready();
listenAndReport(app.server, sweep);

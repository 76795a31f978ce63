import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import {
  buildServer, defaultLifetimes, gcraLimiter, hmacKeyring, standardLimits, type Deps, type Pages, type PasswordHasher, type ServerConfig,
} from "@symbolon/server";
import { openSqliteStore } from "@symbolon/store-sqlite";
import { benchIssuer } from "../scripts.ts";
import type { Seed } from "../seed.ts";
import { reportToParent } from "./report-to-parent.ts";
import { systemClock, systemRandom } from "./world.ts";

/** `node symbolon.ts DIRECTORY`: the authorization server as it is shipped, on a seeded database; only its limits are wide. */
const directory = process.argv[2]!;
const seed = JSON.parse(readFileSync(join(directory, "seed.json"), "utf8")) as Seed;

const config: ServerConfig = {
  issuer: benchIssuer,
  hosts: [],
  scopes: {},
  lifetimes: defaultLifetimes,
  tokenRequestsPerMinute: 1e9,
};

const never = () => {
  throw new Error("the bench signs nobody in and shows no page");
};
const passwords: PasswordHasher = { hash: never, verify: never };
const pages: Pages = { signIn: never, consent: never, problem: never, reason: never, home: never, assets: {} };

const deps: Deps = {
  config,
  store: openSqliteStore({ path: join(directory, "symbolon.db"), create: false }),
  keyring: hmacKeyring(() => seed.keyring),
  clock: systemClock,
  random: systemRandom,
  passwords,
  limiter: gcraLimiter(standardLimits(config.tokenRequestsPerMinute), systemClock),
  emit: () => {},
};

const app = buildServer(deps, pages);
await app.listen({ port: 0, host: "127.0.0.1" });
reportToParent((app.server.address() as AddressInfo).port);

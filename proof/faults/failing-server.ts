import { writeSync } from "node:fs";
import { ServerResponse } from "node:http";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { GrantId } from "@symbolon/protocol";
import { pages } from "@symbolon/portal";
import {
  argon2Hasher,
  buildServer,
  defaultLifetimes,
  gcraLimiter,
  hmacKeyring,
  standardLimits,
  type KeyringData,
  type ServerConfig,
  type Store,
} from "@symbolon/server";
import { openSqliteStore } from "@symbolon/store-sqlite";
import type { Point } from "./failpoints.ts";

/**
 * The server with a store that ends the process, by SIGKILL, at a named point of a named call (faults.md R-03). Started
 * by the tests in place of the command; no code of the product knows of it.
 *
 *     SYMBOLON_FAIL_AT="written grants.change"   written, and not committed
 *     SYMBOLON_FAIL_AT="committed grants.change" committed, and not answered
 *     SYMBOLON_FAIL_AT="answering POST /oauth/token" half of the answer is on the wire
 */
const { values } = parseArgs({
  strict: false,
  allowPositionals: true,
  options: { port: { type: "string" }, issuer: { type: "string" }, data: { type: "string" } },
});
const env = process.env as Record<string, string>;
const [point, ...named] = env["SYMBOLON_FAIL_AT"]!.split(" ") as [Point, ...string[]];
const call = named.join(" ");

const die = (): never => {
  process.kill(process.pid, "SIGKILL");
  throw new Error("The process goes on after SIGKILL.");
};

/**
 * Runs a call and ends the process at the point. A second write of the same turn shares the transaction of the first.
 */
function failing(store: Store, name: string, perform: () => Promise<unknown>): Promise<unknown> {
  if (name !== call || point === "answering") return perform();
  const result = perform();
  if (point === "committed") return result.then(die);
  void dieWithin(store, name === "sweep" ? 30 : 0);
  return result;
}

/** After so many promises that resolve in this turn, so that a write that comes after a read is there, too. */
async function dieWithin(store: Store, hops: number): Promise<void> {
  for (let hop = 0; hop < hops; hop++) await undefined;
  await store.grants.change("00000000-0000-7000-8000-000000000000" as GrantId, die);
}

function withFailpoint(store: Store): Store {
  const watch = <T extends object>(part: T, prefix: string): T =>
    new Proxy(part, {
      get(target, member) {
        const value: unknown = Reflect.get(target, member);
        const name = prefix + String(member);
        if (typeof value === "function")
          return (...given: unknown[]) =>
            failing(store, name, () => Reflect.apply(value, target, given) as Promise<unknown>);
        return typeof value === "object" && value !== null ? watch(value, `${name}.`) : value;
      },
    });
  return watch(store, "");
}

const clock = { epochMs: () => Date.now(), monotonicMs: () => performance.now() };
const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
const keyringData = JSON.parse(env["SYMBOLON_KEYRING"]!) as KeyringData;
const store = withFailpoint(openSqliteStore({ path: join(String(values["data"]), "symbolon.sqlite"), create: false }));
const config: ServerConfig = {
  issuer: String(values["issuer"]),
  hosts: [env["SYMBOLON_HOSTS"]!],
  scopes: { "employees:read": { title: "See employees" }, "payroll:read": { title: "See payrolls" } },
  lifetimes: defaultLifetimes,
  tokenRequestsPerMinute: 1_000_000,
};
const limiter = gcraLimiter(standardLimits(config.tokenRequestsPerMinute), clock);
const emit = (event: object): void => void writeSync(2, `${JSON.stringify({ level: "info", ...event })}\n`);
const keyring = hmacKeyring(() => keyringData);
const app = buildServer(
  { config, store, keyring, clock, random, passwords: argon2Hasher(random, keyring), limiter, emit },
  pages,
);

/** Writes half of the answer, then ends the process; covers every way to send an answer. */
const { end } = ServerResponse.prototype;
ServerResponse.prototype.end = function (this: ServerResponse, ...given: unknown[]) {
  if (point !== "answering" || call !== `${this.req.method} ${this.req.url}`)
    return Reflect.apply(end, this, given) as ServerResponse;
  const body = String(given[0]);
  const half = `HTTP/1.1 200 OK\r\ncontent-length: ${body.length + 1}\r\n\r\n${body.slice(0, body.length / 2)}`;
  this.socket!.write(half, die);
  return this;
};
await app.listen({ host: "127.0.0.1", port: Number(values["port"]) });
console.log(JSON.stringify({ ready: true }));
if (call === "sweep") setTimeout(() => void store.sweep(Math.floor(Date.now() / 1000), 200), 50);

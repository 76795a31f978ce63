import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Sealed, type AccountId, type GrantId } from "@symbolon/protocol";
import { openSqliteStore } from "@symbolon/store-sqlite";
import { seededRandom } from "@symbolon/testing";
import { makeDataDirectory, type DataDirectory } from "../harness/data-directory.ts";
import type { Reply } from "../harness/connection.ts";
import { ClientPool } from "../harness/pipelined-client.ts";
import { introspectRequest, redeemRequest, refreshRequest, revokeRequest } from "../harness/requests.ts";
import { offerCodes } from "../harness/population.ts";
import { addAccount, addApplication, addResourceServer, type Credentials } from "../harness/registration.ts";
import { startServer, type ServerProcess } from "../harness/server.ts";
import { checkHistory } from "./check-history.ts";
import { Customer, type Desk, type Offer } from "./customer.ts";
import { History } from "./history.ts";

export type CrashReport = {
  kills: number;
  /** Requests by kind and outcome. */
  steps: Record<string, number>;
  grants: number;
  violations: string[];
  /** Milliseconds from the kill until the next server, whose process was loaded already, is ready. */
  slowestStartMs: number;
  seconds: number;
};

const heldServer = fileURLToPath(new URL("held-server.ts", import.meta.url));
const customers = 16;
const offersPerKill = 60;
const fullCheckEvery = 50;

/**
 * Kills a server under load repeatedly. After each restart it reads the database, every customer repeats its
 * unanswered and its last request, and the histories are checked.
 */
export async function crashLoop({
  kills,
  seed,
  onKill = () => {},
}: {
  kills: number;
  seed: number;
  onKill?: (report: CrashReport) => void;
}): Promise<CrashReport> {
  const startedMs = performance.now();
  const report: CrashReport = { kills: 0, steps: {}, grants: 0, violations: [], slowestStartMs: 0, seconds: 0 };
  const random = seededRandom(seed);
  const data = makeDataDirectory();
  const place = await furnish(data);
  const history = new History();
  const desk = new Counter(place);
  const options = { quiet: true, env: { NODE_COMPILE_CACHE: join(data.path, "compiled") } };
  let server: ServerProcess | undefined;
  let dismiss = async (): Promise<void> => {};
  try {
    server = await startServer(data, options);
    await server.stop(); // Node writes its compile cache when a process ends normally.
    server = await startServer(data, options);
    await place.restock(customers + offersPerKill);
    desk.open(server.port);
    const all = Array.from({ length: customers }, () => new Customer(desk, history, random));
    while (report.kills < kills && report.violations.length === 0) {
      const { promise: gone, resolve: isGone } = Promise.withResolvers<void>();
      const next: Promise<ServerProcess> = startServer(data, {
        ...options,
        port: server.port,
        program: heldServer,
        begin: gone,
      });
      dismiss = async () => {
        isGone();
        await next.then(
          (standby) => standby.kill(),
          () => {},
        );
      };
      await workUntilKilled(server, desk, all, 5 + random.below(150), random.below(4));
      report.kills++;
      const startMs = performance.now();
      isGone();
      server = await next;
      report.slowestStartMs = Math.max(report.slowestStartMs, performance.now() - startMs);
      desk.open(server.port);
      await place.look(history, report, report.kills % fullCheckEvery === 0);
      await Promise.all(all.map((customer) => customer.askAgain()));
      judge(history, report, new Set(all.map(({ grant }) => grant)));
      report.seconds = (performance.now() - startedMs) / 1000;
      onKill(report);
    }
    report.violations.push(...faultsOf(server));
    await place.look(history, report, true);
    judge(history, report, new Set());
    return report;
  } finally {
    desk.close();
    await server?.kill();
    await dismiss();
    data.remove();
  }
}

/** Kills the server `turns` turns after the given number of answers, while other requests are under way. */
async function workUntilKilled(
  server: ServerProcess,
  desk: Counter,
  all: readonly Customer[],
  answers: number,
  turns: number,
): Promise<void> {
  let left = answers;
  let killed: Promise<void> | undefined;
  const work = all.map(async (customer) => {
    while (await customer.step()) {
      if (--left > 0 || killed !== undefined) continue;
      for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
      killed ??= server.kill();
    }
  });
  await Promise.all(work);
  desk.close();
  if (killed === undefined) throw new Error("The server ended before it was killed.");
  await killed;
}

/** Checks every history, and forgets those of grants that no customer holds any more. */
function judge(history: History, report: CrashReport, held: ReadonlySet<GrantId>): void {
  for (const grant of history.grants()) {
    const steps = history.stepsOf(grant);
    for (const { invariant, message } of checkHistory(steps))
      report.violations.push(`${invariant}: grant ${grant}: ${message}: ${JSON.stringify(steps)}`);
    if (held.has(grant)) continue;
    report.grants++;
    for (const { ask, outcome } of steps) {
      const name = `${ask.kind} ${outcome.is}`;
      report.steps[name] = (report.steps[name] ?? 0) + 1;
    }
    history.forget(grant);
  }
}

const faultsOf = ({ events }: ServerProcess): string[] =>
  events
    .filter(({ name }) => name === "server.fault" || name === "sweep.failed")
    .map((event) => `fault: ${JSON.stringify(event)}`);

type Place = Awaited<ReturnType<typeof furnish>>;

async function furnish(data: DataDirectory) {
  const owner: AccountId = await addAccount(data, "ada@example.com");
  const client: Credentials = await addApplication(data);
  const resourceServer: Credentials = await addResourceServer(data);
  const offers: Offer[] = [];
  const path = join(data.path, "symbolon.sqlite");
  const restock = async (count: number): Promise<void> => {
    const codes = await data.withStore((store) => offerCodes(data, store, client, owner, count));
    offers.push(...codes.map((code) => ({ code, grant: data.keyring.read("code", new Sealed(code))!.grantId })));
  };
  return {
    client,
    resourceServer,
    offers,
    restock,
    /** Reads the rows of all grants with a history, after the server has recovered the log. */
    async look(history: History, report: CrashReport, isThorough: boolean): Promise<void> {
      const store = openSqliteStore({ path, create: false });
      try {
        for (const grant of history.grants()) {
          await history.note(grant, { kind: "look" }, async () => {
            const row = await store.grants.find(grant);
            return { is: "row", state: row?.state ?? "gone", generation: row?.generation ?? 0 };
          });
        }
        if (isThorough)
          report.violations.push(...(await store.verify()).findings.map((finding) => `verify: ${finding}`));
      } finally {
        await store.close();
      }
      if (offers.length < offersPerKill) await restock(10 * offersPerKill);
    },
  };
}

/** Sends the customers' requests to the server that was opened last. */
class Counter implements Desk {
  readonly #place: Place;
  #pool: ClientPool | undefined;
  #port = 0;

  constructor(place: Place) {
    this.#place = place;
  }

  open(port: number): void {
    this.#port = port;
    this.#pool = new ClientPool(port, 8);
  }

  close(): void {
    this.#pool?.close();
  }

  redeem = (code: string): Promise<Reply> => this.#send(redeemRequest(this.#port, this.#place.client, code));
  refresh = (token: string): Promise<Reply> => this.#send(refreshRequest(this.#port, this.#place.client, token));
  revoke = (token: string): Promise<Reply> => this.#send(revokeRequest(this.#port, this.#place.client, token));
  introspect = (token: string): Promise<Reply> =>
    this.#send(introspectRequest(this.#port, this.#place.resourceServer, token));

  nextOffer(): Offer {
    const offer = this.#place.offers.pop();
    if (offer === undefined) throw new Error("There are no more offered grants.");
    return offer;
  }

  #send(request: string): Promise<Reply> {
    return this.#pool!.send(request);
  }
}

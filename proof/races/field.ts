import { Sealed, type AccountId } from "@symbolon/protocol";
import type { Grant } from "@symbolon/server";
import { openSqliteStore, type SqliteStore } from "@symbolon/store-sqlite";
import { join } from "node:path";
import { makeDataDirectory, type DataDirectory } from "../harness/data-directory.ts";
import type { Reply } from "../harness/connection.ts";
import { ClientPool } from "../harness/pipelined-client.ts";
import { formPost, redeemRequest, refreshRequest, revokeRequest } from "../harness/requests.ts";
import { addAccount, addApplication, addResourceServer, type Credentials } from "../harness/registration.ts";
import { startTwoServers, type ServerProcess } from "../harness/server.ts";

/** Two server processes on one SQLite file, and the requests of the races. */
export type Field = {
  data: DataDirectory;
  store: SqliteStore;
  client: Credentials;
  owner: AccountId;
  /** Requests sent so far. */
  requests(): number;
  redeem(at: number, code: string): Promise<Reply>;
  refresh(at: number, refreshToken: string): Promise<Reply>;
  revoke(at: number, token: string): Promise<Reply>;
  isActive(at: number, accessToken: string): Promise<boolean>;
  /** Whether each of them is active, in order. */
  areActive(at: number, accessTokens: readonly string[]): Promise<boolean[]>;
  grantOf(token: string, kind: "code" | "refresh"): Promise<Grant>;
  /** Stops both processes and returns their problems: logged faults, exit codes other than 0. */
  close(): Promise<string[]>;
};

const connectionsPerServer = 10;
const maximumBatch = 1000;

/** `at` selects the process: even the first, odd the second. */
export async function openField(): Promise<Field> {
  const data = makeDataDirectory();
  const servers = await startTwoServers(data, { quiet: true });
  const owner = await addAccount(data, "ada@example.com");
  const client = await addApplication(data);
  const resourceServer = await addResourceServer(data);
  const store = openSqliteStore({ path: join(data.path, "symbolon.sqlite"), patienceMs: 60_000 });
  const pools = servers.map(({ port }) => new ClientPool(port, connectionsPerServer));
  let requests = 0;
  const send = (at: number, requestTo: (port: number) => string): Promise<Reply> => {
    requests++;
    return pools[at % 2]!.send(requestTo(servers[at % 2]!.port));
  };
  const areActive = async (at: number, tokens: readonly string[]): Promise<boolean[]> => {
    const verdicts: boolean[] = [];
    for (let from = 0; from < tokens.length; from += maximumBatch) {
      const reply = await send(at, (port) =>
        formPost(
          port,
          "/oauth/introspect/batch",
          resourceServer,
          `tokens=${tokens.slice(from, from + maximumBatch).join("+")}`,
        ),
      );
      if (reply.status !== 200) throw new Error(`Introspection answered ${reply.status} ${reply.body}`);
      verdicts.push(
        ...(JSON.parse(reply.body) as { results: { active: boolean }[] }).results.map(({ active }) => active),
      );
    }
    return verdicts;
  };
  return {
    data,
    store,
    client,
    owner,
    requests: () => requests,
    redeem: (at, code) => send(at, (port) => redeemRequest(port, client, code)),
    refresh: (at, refreshToken) => send(at, (port) => refreshRequest(port, client, refreshToken)),
    revoke: (at, token) => send(at, (port) => revokeRequest(port, client, token)),
    isActive: async (at, accessToken) => (await areActive(at, [accessToken]))[0]!,
    areActive,
    async grantOf(token, kind) {
      const grant = await store.grants.find(data.keyring.read(kind, new Sealed(token))!.grantId);
      if (grant === undefined) throw new Error("The grant of this token is not in the database.");
      return grant;
    },
    async close() {
      for (const pool of pools) pool.close();
      await store.close();
      const codes = await Promise.all(servers.map((server) => server.stop()));
      const wrong = [
        ...servers.flatMap(faultsOf),
        ...codes.filter((code) => code !== 0).map((code) => `a server ended with ${code}`),
      ];
      data.remove();
      return wrong;
    },
  };
}

/** Sharing one file causes no fault, and no request is answered 503 because of it. */
const faultsOf = ({ events }: ServerProcess): string[] =>
  events
    .filter(({ name }) => name === "server.fault" || name === "store.unavailable" || name === "sweep.failed")
    .map((event) => JSON.stringify(event));

import { join } from "node:path";
import type { AccountId } from "@symbolon/protocol";
import type { Grant } from "@symbolon/server";
import { PlainClient, type Tokens } from "../harness/client.ts";
import { makeDataDirectory, type DataDirectory } from "../harness/data-directory.ts";
import { activateGrants } from "../harness/population.ts";
import { addAccount, addApplication, addResourceServer, grantOf, type Credentials } from "../harness/registration.ts";
import { startServer, type ServerOptions, type ServerProcess } from "../harness/server.ts";

/** A data directory with an application, a person and a resource server, and the servers that a test starts on it. */
export type FaultStage = {
  data: DataDirectory;
  /** The database file. */
  path: string;
  credentials: Credentials;
  client: PlainClient;
  resourceServer: Credentials;
  owner: AccountId;
  start(options?: ServerOptions): Promise<ServerProcess>;
  /** The first tokens of so many new grants. */
  grants(count: number): Promise<Tokens[]>;
  rowOf(token: string): Promise<Grant>;
  /** Ends every server that still runs. */
  close(): Promise<void>;
};

export async function setFaultStage(): Promise<FaultStage> {
  const data = makeDataDirectory();
  const servers: ServerProcess[] = [];
  const owner = await addAccount(data, "ada@example.com");
  const credentials = await addApplication(data);
  const resourceServer = await addResourceServer(data);
  return {
    data,
    path: join(data.path, "symbolon.sqlite"),
    credentials,
    client: new PlainClient(credentials),
    resourceServer,
    owner,
    async start(options = {}) {
      const server = await startServer(data, options);
      servers.push(server);
      return server;
    },
    grants: (count) => data.withStore((store) => activateGrants(data, store, credentials, owner, count)),
    rowOf: (token) => grantOf(data, token),
    async close() {
      await Promise.all(servers.map((server) => server.kill()));
      data.remove();
    },
  };
}

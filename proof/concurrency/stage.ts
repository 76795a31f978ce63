import { addAccount, addApplication, addResourceServer, type Credentials } from "../harness/registration.ts";
import { PlainClient } from "../harness/client.ts";
import { makeDataDirectory, type DataDirectory } from "../harness/data-directory.ts";
import { ScriptedBrowser } from "../harness/scripted-browser.ts";
import { startTwoServers, type LoggedEvent, type ServerProcess } from "../harness/server.ts";
import type { ReplayPolicy } from "@symbolon/server";

/** Two server processes on one SQLite file under one keyring, a signed-in user, and a resource server. */
export type Stage = {
  data: DataDirectory;
  servers: readonly [ServerProcess, ServerProcess];
  browser: ScriptedBrowser;
  email: string;
  resourceServer: Credentials;
  addClient(replay: ReplayPolicy): Promise<PlainClient>;
  /** The process whose turn it is: every second call goes to the other one. */
  inTurn(index: number): ServerProcess;
  /** Stops both; rejects if either logged a fault or waited too long for the other. */
  close(): Promise<void>;
};

export async function setStage(): Promise<Stage> {
  const data = makeDataDirectory();
  const servers = await startTwoServers(data);
  const email = "ada@example.com";
  await addAccount(data, email);
  const resourceServer = await addResourceServer(data);
  const browser = new ScriptedBrowser(
    servers[0].send,
    servers.map(({ url }) => url),
  );
  const addClient = async (replay: ReplayPolicy) => new PlainClient(await addApplication(data, { replay }));
  await (await addClient({ preset: "lazy" })).obtainTokens(servers[0], browser, email);
  return {
    data,
    servers,
    email,
    resourceServer,
    browser,
    addClient,
    inTurn: (index) => servers[index % 2]!,
    async close() {
      const exitCodes = await Promise.all(servers.map((server) => server.stop()));
      data.remove();
      const faults = servers.flatMap(faultsOf);
      if (faults.length > 0 || exitCodes.some((code) => code !== 0))
        throw new Error(`The servers ended with ${exitCodes.join(" and ")}: ${JSON.stringify(faults)}`);
    },
  };
}

/** sharing one file causes no fault, and no request is answered 503 because of it. */
export const faultsOf = ({ events }: ServerProcess): LoggedEvent[] =>
  events.filter(({ name }) => name === "server.fault" || name === "store.unavailable" || name === "sweep.failed");

/** Starts `count` of them before any can answer, and waits for all. */
export const allAtOnce = <T>(count: number, start: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => start(index)));

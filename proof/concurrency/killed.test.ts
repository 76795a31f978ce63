import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seededRandom } from "@symbolon/testing";
import { isActive, PlainClient } from "../harness/client.ts";
import { makeDataDirectory, type DataDirectory } from "../harness/data-directory.ts";
import {
  addAccount,
  addApplication,
  addResourceServer,
  generationOf,
  grantOf,
  type Credentials,
} from "../harness/registration.ts";
import { ScriptedBrowser } from "../harness/scripted-browser.ts";
import { jsonOf, type Send } from "../harness/send.ts";
import { startServer, type ServerProcess } from "../harness/server.ts";
import { Comer, Holder } from "./holders.ts";
import { faultsOf } from "./stage.ts";

const seed = 20261122;
const kills = 15;
const holderCount = 8;
const email = "ada@example.com";

let data: DataDirectory;
let server: ServerProcess;
let client: PlainClient;
let browser: ScriptedBrowser;
let resourceServer: Credentials;
beforeAll(async () => {
  data = makeDataDirectory();
  server = await startServer(data);
  await addAccount(data, email);
  client = new PlainClient(await addApplication(data));
  resourceServer = await addResourceServer(data);
  const current: Send = (...request) => server.send(...request);
  browser = new ScriptedBrowser(current, [server.url]);
});
afterAll(async () => {
  await server.stop();
  data.remove();
});

/**
 * All clients work at once until the server has acknowledged `acknowledgements` refreshes; the server is killed in the
 * turn in which the last answer arrives, while other requests are under way. Returns the client that got it.
 */
async function workUntilKilled(
  holders: readonly Holder[],
  comers: readonly Comer[],
  acknowledgements: number,
): Promise<Holder> {
  let left = acknowledgements;
  let last: Holder | undefined;
  let killed: Promise<void> | undefined;
  const refreshing = holders.map(async (holder) => {
    while (killed === undefined && (await holder.refresh(server))) {
      if (--left === 0) {
        last = holder;
        killed = server.kill();
      }
    }
  });
  const coming = comers.map(async (comer) => {
    while (killed === undefined && (await comer.comeAndGo(server)));
  });
  await Promise.all([...refreshing, ...coming]);
  await killed;
  if (last === undefined) throw new Error("The server ended before it was killed.");
  return last;
}

/** A client whose answer was lost sends the same token twice again and gets the same successor both times. */
async function expectGoesOn(holder: Holder): Promise<void> {
  const { refresh_token: sent } = holder.held;
  const { generation } = await grantOf(data, sent);
  expect([generationOf(sent), generationOf(sent) + 1]).toContain(generation);
  const again = client.tokensOf(await client.refresh(server, sent));
  const onceMore = client.tokensOf(await client.refresh(server, sent));
  expect(generationOf(again.refresh_token)).toBe(generationOf(sent) + 1);
  expect(onceMore.refresh_token).toBe(again.refresh_token);
  holder.held = again;
  holder.spent = sent;
  holder.isUnsure = false;
}

describe("R-01, I3, I4, S1, S3: a server killed under load and started again", () => {
  test(`${kills} times: loses nothing that was acknowledged, and a refresh whose answer was lost returns its one successor (seed ${seed})`, async () => {
    const random = seededRandom(seed);
    const holders: Holder[] = [];
    for (let index = 0; index < holderCount; index++)
      holders.push(new Holder(client, await client.obtainTokens(server, browser, email)));
    const comers = [new Comer(client, browser, email), new Comer(client, browser, email)];

    for (let kill = 0; kill < kills; kill++) {
      const last = await workUntilKilled(holders, comers, 20 + random.below(100));
      expect(faultsOf(server)).toEqual([]);
      server = await startServer(data, { port: server.port });

      // The answer that arrived just before the kill is lost on the client's way to its disk: the same token, sent
      // again.
      const { spent, held } = last;
      expect(client.tokensOf(await client.refresh(server, spent!)).refresh_token).toBe(held.refresh_token);
      expect(last.isUnsure).toBe(false);

      for (const holder of holders) await expectGoesOn(holder);
      for (const holder of holders) expect(await isActive(server, resourceServer, holder.held.access_token)).toBe(true);
    }

    for (const { alive, dead } of comers) {
      for (const { access_token } of alive) expect(await isActive(server, resourceServer, access_token)).toBe(true);
      for (const { refresh_token } of alive) client.tokensOf(await client.refresh(server, refresh_token));
      for (const { access_token } of dead) expect(await isActive(server, resourceServer, access_token)).toBe(false);
      for (const { refresh_token } of dead)
        expect(jsonOf(await client.refresh(server, refresh_token))).toMatchObject({ error: "invalid_grant" });
    }
    expect(comers.flatMap(({ alive }) => alive).length).toBeGreaterThan(0);
    expect(comers.flatMap(({ dead }) => dead).length).toBeGreaterThan(0);
    expect(await data.withStore((store) => store.verify())).toMatchObject({ findings: [] });
  }, 180_000);
});

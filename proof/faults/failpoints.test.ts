import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Sealed, type AccountId } from "@symbolon/protocol";
import type { Grant } from "@symbolon/server";
import { openSqliteStore, type SqliteStore } from "@symbolon/store-sqlite";
import { join } from "node:path";
import { isActive, PlainClient, type Tokens } from "../harness/client.ts";
import { makeDataDirectory, type DataDirectory } from "../harness/data-directory.ts";
import { activateGrants, nowSeconds, offerCodes, offeredGrant, verifier } from "../harness/population.ts";
import {
  addAccount,
  addApplication,
  addResourceServer,
  generationOf,
  type Credentials,
} from "../harness/registration.ts";
import { ScriptedBrowser } from "../harness/scripted-browser.ts";
import { jsonOf, type Answer } from "../harness/send.ts";
import { startServer, type ServerProcess } from "../harness/server.ts";
import { points, startFailingServer, type Point } from "./failpoints.ts";

const email = "ada@example.com";
let data: DataDirectory;
let owner: AccountId;
let credentials: Credentials;
let client: PlainClient;
let resourceServer: Credentials;
beforeAll(async () => {
  data = makeDataDirectory();
  const first = await startServer(data);
  await first.stop();
  owner = await addAccount(data, email);
  credentials = await addApplication(data);
  client = new PlainClient(credentials);
  resourceServer = await addResourceServer(data);
});
afterAll(() => data.remove());

const withStore = <T>(work: (store: SqliteStore) => Promise<T>): Promise<T> => data.withStore(work);
const newCode = async () => ({
  code: (await withStore((store) => offerCodes(data, store, credentials, owner, 1)))[0]!,
  verifier,
});
const newTokens = async (): Promise<Tokens> =>
  (await withStore((store) => activateGrants(data, store, credentials, owner, 1)))[0]!;
const rowOf = (token: string, kind: "code" | "refresh"): Promise<Grant> =>
  withStore(async (store) => (await store.grants.find(data.keyring.read(kind, new Sealed(token))!.grantId))!);
const standing = (): Promise<Grant[]> =>
  withStore(async (store) =>
    (await store.grants.list({ application: credentials.id, limit: 1000 })).filter((grant) => grant.owner === null),
  );

/** Sends a request that ends the server; returns the result of `ask` at the next server, which has no failpoint. */
async function afterDeath<T>(
  point: Point,
  call: string,
  request: (server: ServerProcess) => Promise<unknown>,
  ask: (server: ServerProcess) => Promise<T>,
): Promise<T> {
  const failing = await startFailingServer(data, point, call);
  await expect(request(failing)).rejects.toThrow(/ECONNRESET|socket hang up|cut short|aborted/);
  await failing.kill();
  const store = openSqliteStore({ path: join(data.path, "symbolon.sqlite"), create: false });
  expect((await store.verify()).findings).toEqual([]);
  await store.close();
  const server = await startServer(data);
  try {
    return await ask(server);
  } finally {
    expect(server.events.filter(({ level, name }) => level === "error" && name !== "refresh.reuse_detected")).toEqual(
      [],
    );
    await server.stop();
  }
}

const callOf = (point: Point, call: string, route: string): string => (point === "answering" ? route : call);
const expectInvalidGrant = (answer: Answer) => expect(jsonOf(answer)).toMatchObject({ error: "invalid_grant" });

describe.each(points)("R-03: killed %s", (_, point) => {
  const isCommitted = point !== "written";

  test("I1, I3: redeem: either nothing happened and the code works, or it was redeemed and its repetition ends the grant", async () => {
    const code = await newCode();
    await afterDeath(
      point,
      callOf(point, "grants.change", "POST /oauth/token"),
      (server) => client.redeem(server, code),
      async (server) => {
        expect(await rowOf(code.code, "code")).toMatchObject(
          isCommitted ? { state: "active", generation: 1 } : { state: "offered", generation: 0 },
        );
        const again = await client.redeem(server, code);
        if (!isCommitted)
          return void client.tokensOf(await client.refresh(server, client.tokensOf(again).refresh_token));
        expectInvalidGrant(again);
        expect(await rowOf(code.code, "code")).toMatchObject({ state: "revoked", revokedBecause: "code_replayed" });
      },
    );
  });

  test("I2, I3, I4, S1, S3: refresh: the same token returns its one successor", async () => {
    const { refresh_token: sent } = await newTokens();
    await afterDeath(
      point,
      callOf(point, "grants.change", "POST /oauth/token"),
      (server) => client.refresh(server, sent),
      async (server) => {
        expect((await rowOf(sent, "refresh")).generation).toBe(isCommitted ? 2 : 1);
        const again = client.tokensOf(await client.refresh(server, sent));
        const onceMore = client.tokensOf(await client.refresh(server, sent));
        expect([generationOf(again.refresh_token), onceMore.refresh_token]).toEqual([2, again.refresh_token]);
        expect(await isActive(server, resourceServer, again.access_token)).toBe(true);
      },
    );
  });

  test("I2, I3: replay of a lost answer: returns the same successor as before", async () => {
    const { refresh_token: sent } = await newTokens();
    const before = await startServer(data);
    const second = client.tokensOf(await client.refresh(before, sent));
    await before.stop();
    await afterDeath(
      point,
      callOf(point, "grants.change", "POST /oauth/token"),
      (server) => client.refresh(server, sent),
      async (server) => {
        expect((await rowOf(sent, "refresh")).replays).toBe(isCommitted ? 1 : 0);
        expect(client.tokensOf(await client.refresh(server, sent)).refresh_token).toBe(second.refresh_token);
        expect(generationOf(client.tokensOf(await client.refresh(server, second.refresh_token)).refresh_token)).toBe(3);
      },
    );
  });

  test("I4, I6: first use of an access token: is active, and the repetition records the use", async () => {
    const { access_token: used, refresh_token: refreshToken } = await newTokens();
    await afterDeath(
      point,
      callOf(point, "grants.change", "POST /oauth/introspect"),
      (server) => isActive(server, resourceServer, used),
      async (server) => {
        expect((await rowOf(refreshToken, "refresh")).confirmedAt === null).toBe(!isCommitted);
        expect(await isActive(server, resourceServer, used)).toBe(true);
        expect((await rowOf(refreshToken, "refresh")).confirmedAt).not.toBeNull();
      },
    );
  });

  test("I4, I5, I6: revoke: the repetition is acknowledged, and no token is active", async () => {
    const { access_token: accessToken, refresh_token: refreshToken } = await newTokens();
    await afterDeath(
      point,
      callOf(point, "grants.change", "POST /oauth/revoke"),
      (server) => client.revoke(server, refreshToken),
      async (server) => {
        expect((await rowOf(refreshToken, "refresh")).state).toBe(isCommitted ? "revoked" : "active");
        if (isCommitted) expect(await isActive(server, resourceServer, accessToken)).toBe(false);
        expect((await client.revoke(server, refreshToken)).status).toBe(200);
        expect(await isActive(server, resourceServer, accessToken)).toBe(false);
        expectInvalidGrant(await client.refresh(server, refreshToken));
      },
    );
  });

  test("I4: first client credentials request: the repetition leaves one client-credentials grant with an active token", async () => {
    credentials = await addApplication(data);
    client = new PlainClient(credentials);
    const basic = `Basic ${Buffer.from(`${credentials.id}:${credentials.secret}`).toString("base64")}`;
    const ask = (server: ServerProcess) =>
      server.send("POST", "/oauth/token", {
        form: { grant_type: "client_credentials" },
        headers: { authorization: basic },
      });
    await afterDeath(
      point,
      callOf(point, "grants.findOrCreateClientCredentials", "POST /oauth/token"),
      ask,
      async (server) => {
        expect(await standing()).toHaveLength(isCommitted ? 1 : 0);
        const { access_token: accessToken } = client.tokensOf(await ask(server));
        expect(await standing()).toHaveLength(1);
        expect(await isActive(server, resourceServer, accessToken)).toBe(true);
      },
    );
  });

  test("I3, I8: sign-in: the user signs in again and consents", async () => {
    const parameters = new URLSearchParams({
      response_type: "code",
      client_id: credentials.id,
      redirect_uri: "https://app.example/cb",
      code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
      code_challenge_method: "S256",
    });
    const path = `/oauth/authorize?${parameters}`;
    const allow = (server: ServerProcess): Promise<URL> =>
      new ScriptedBrowser(server.send, [server.url]).allow(server.url + path, { email });
    await afterDeath(point, callOf(point, "sessions.insert", "POST /oauth/sign-in"), allow, async (server) => {
      expect((await allow(server)).searchParams.get("code")).toMatch(/^sym_ac_/);
    });
  });
});

describe("R-03: killed in the middle of a sweep", () => {
  test.each(["written", "committed"] as const)(
    "%s: removes all ended grants in the end, and no others",
    async (point) => {
      const long = 200 * 86_400;
      const ended = Array.from({ length: 300 }, (): Grant => ({
        ...offeredGrant(credentials, owner, nowSeconds() - long, 60),
      }));
      const live = await newTokens();
      await withStore((store) => Promise.all(ended.map((grant) => store.grants.insert(grant))));
      const left = () =>
        withStore(
          async (store) =>
            (await Promise.all(ended.map(({ id }) => store.grants.find(id)))).filter((grant) => grant !== undefined)
              .length,
        );

      const failing = await startFailingServer(data, point, "sweep");
      await failing.ended;
      expect(await left()).toBe(point === "written" ? 300 : 100);
      await withStore(async (store) => {
        expect((await store.verify()).findings).toEqual([]);
        for (let call = 0; call < 50; call++) await store.sweep(nowSeconds(), 200);
      });
      expect(await left()).toBe(0);
      expect((await rowOf(live.refresh_token, "refresh")).state).toBe("active");
    },
  );
});

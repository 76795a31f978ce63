import type { GrantId } from "@symbolon/protocol";
import { SoloServer } from "@symbolon/testing";
import type { IntrospectionResponse, TokenResponse } from "@symbolon/server";
import { describe, expect, test } from "vitest";

const app = "app_lazy";

/** An operation, its preparation, and what must hold after it or its repetition has answered 200. */
type Scenario = { prepare(server: SoloServer): Promise<Stage> };

type Stage = {
  act(): ReturnType<SoloServer["send"]>;
  /** The answer to the repetition after a fault; `committed` if the fault came after the decision was stored. */
  afterwards?(status: number, committed: boolean): void;
  settled(): Promise<void>;
  /** Whose row a fault before the commit leaves untouched. */
  grant?: GrantId;
};

type Pair = TokenResponse & { refresh_token: string };

async function redeemed(server: SoloServer): Promise<{ id: GrantId; pair: Pair }> {
  const { id, code } = await server.obtainCode("lazy");
  return { id, pair: (await server.redeem("lazy", code)).body as Pair };
}

const refresh = (server: SoloServer, token: string) =>
  server.send("token", { grant_type: "refresh_token", refresh_token: token }, app);
const isActive = async (server: SoloServer, token: string): Promise<boolean> =>
  ((await server.send("introspect", { token }, "rs_any")).body as IntrospectionResponse).active;
const generation = async (server: SoloServer, id: GrantId): Promise<number | undefined> =>
  (await server.row(id))?.generation;

const scenarios: Record<string, Scenario> = {
  "redeeming a code": {
    async prepare(server) {
      const { id, code } = await server.obtainCode("lazy");
      return {
        grant: id,
        act: () => server.redeem("lazy", code),
        // RFC 6749 §4.1.2: a code whose redemption was stored is spent, and its repetition ends what came of it
        afterwards: (status, committed) => expect(status).toBe(committed ? 400 : 200),
        settled: async () =>
          expect(["active 1", "revoked 1"]).toContain(
            await server.row(id).then((row) => `${row?.state} ${row?.generation}`),
          ),
      };
    },
  },
  refreshing: {
    async prepare(server) {
      const { id, pair } = await redeemed(server);
      return {
        grant: id,
        act: () => refresh(server, pair.refresh_token),
        settled: async () => expect(await generation(server, id)).toBe(2),
      };
    },
  },
  "asking again for a successor": {
    async prepare(server) {
      const { id, pair } = await redeemed(server);
      const successor = ((await refresh(server, pair.refresh_token)).body as Pair).refresh_token;
      return {
        grant: id,
        act: async () => {
          const answer = await refresh(server, pair.refresh_token);
          if (answer.status === 200) expect((answer.body as Pair).refresh_token).toBe(successor);
          return answer;
        },
        settled: async () => expect(await generation(server, id)).toBe(2),
      };
    },
  },
  "the first introspection": {
    async prepare(server) {
      const { id, pair } = await redeemed(server);
      return {
        grant: id,
        act: () => server.send("introspect", { token: pair.access_token }, "rs_any"),
        settled: async () => expect((await server.row(id))?.confirmedAt).not.toBeNull(),
      };
    },
  },
  "a batch of introspections": {
    async prepare(server) {
      const one = await redeemed(server);
      const other = await redeemed(server);
      return {
        act: () => server.send("batch", { tokens: `${one.pair.access_token} ${other.pair.access_token}` }, "rs_any"),
        settled: async () => expect((await server.rows()).every(({ confirmedAt }) => confirmedAt !== null)).toBe(true),
      };
    },
  },
  "revoking a refresh token": {
    async prepare(server) {
      const { id, pair } = await redeemed(server);
      return {
        grant: id,
        act: () => server.send("revoke", { token: pair.refresh_token }, app),
        settled: async () => {
          expect(await isActive(server, pair.access_token)).toBe(false);
          expect((await refresh(server, pair.refresh_token)).status).toBe(400);
          expect(await server.deps.store.grants.revocations(0, 10)).toHaveLength(1);
        },
      };
    },
  },
  "revoking an access token": {
    async prepare(server) {
      const { id, pair } = await redeemed(server);
      return {
        grant: id,
        act: () => server.send("revoke", { token: pair.access_token }, app),
        settled: async () => {
          expect(await isActive(server, pair.access_token)).toBe(false);
          expect((await refresh(server, pair.refresh_token)).status).toBe(200);
        },
      };
    },
  },
  "client credentials, narrowed for the first time": {
    async prepare(server) {
      await server.send("token", { grant_type: "client_credentials" }, "app_machine");
      return {
        act: () => server.send("token", { grant_type: "client_credentials", scope: "read" }, "app_machine"),
        settled: async () => expect((await server.rows()).map(({ variants }) => variants.length)).toEqual([2]),
      };
    },
  },
  "the first client credentials of an application": {
    async prepare(server) {
      return {
        act: () => server.send("token", { grant_type: "client_credentials" }, "app_machine"),
        settled: async () => expect(await server.rows()).toHaveLength(1),
      };
    },
  },
};

describe.each(Object.entries(scenarios))(
  "S5, S8, I10: %s, when each of its calls to the store fails in turn",
  (_name, { prepare }) => {
    test.each(["before", "after"] as const)(
      "%s it takes effect: 503, and the repetition continues from there",
      async (when) => {
        let failures = 0;
        for (let nth = 1; ; nth++) {
          const server = await SoloServer.open();
          const { act, settled, afterwards, grant } = await prepare(server);
          const before = grant === undefined ? undefined : await server.row(grant);
          const { result, struck } = await server.withFault({ nth, when }, act);
          if (!struck) {
            expect(result.status).toBe(200);
            await settled();
            break;
          }
          failures++;
          expect([result.status, result.error]).toEqual([503, "temporarily_unavailable"]);
          const after = grant === undefined ? undefined : await server.row(grant);
          if (when === "before") expect(after).toEqual(before);
          const committed = after?.version !== before?.version;
          const again = await act();
          if (afterwards === undefined) expect(again.status).toBe(200);
          else afterwards(again.status, committed);
          await settled();
        }
        expect(failures).toBeGreaterThan(1);
      },
    );
  },
);

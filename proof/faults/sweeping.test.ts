import fc from "fast-check";
import { expect, test } from "vitest";
import { endedRetentionSeconds, memoryStore, offerRetentionSeconds, type Grant, type Store } from "@symbolon/server";
import { openSqliteStore } from "@symbolon/store-sqlite";
import { join } from "node:path";
import { makeDataDirectory } from "../harness/data-directory.ts";
import { isActive } from "../harness/client.ts";
import { ClientPool } from "../harness/pipelined-client.ts";
import { introspectRequest } from "../harness/requests.ts";
import { nowSeconds, offeredGrant } from "../harness/population.ts";
import { makeOwnWorld, tokensIn, type OwnWorld } from "./own-world.ts";
import { setFaultStage } from "./stage.ts";

type Act = { does: "refresh" | "replay" | "use" | "revoke" | "code again"; afterSeconds: number };
const act: fc.Arbitrary<Act> = fc.record({
  does: fc.constantFrom("refresh", "replay", "use", "revoke", "code again"),
  afterSeconds: fc.constantFrom(0, 5, 700, 3600, offerRetentionSeconds + 1, endedRetentionSeconds + 1, 31 * 86_400),
});

/**
 * The result of presenting each credential of a token family. It presents them to a copy, so that later answers do not
 * change.
 */
async function answers(
  world: OwnWorld,
  code: string,
  tokens: readonly { access_token: string; refresh_token: string }[],
): Promise<string[]> {
  const said: string[] = [];
  for (const { access_token: access } of tokens)
    said.push(`access ${String((await world.introspect(access)).json["active"])}`);
  for (const { refresh_token: refresh } of tokens.toReversed())
    said.push(`refresh ${String((await world.refresh(refresh)).json["error"] ?? "tokens")}`);
  said.push(`code ${String((await world.redeem(code)).json["error"] ?? "tokens")}`);
  return said;
}

/** Runs the steps of one grant and presents all credentials at the end; `sweeps`: sweeps after each step. */
async function story(acts: readonly Act[], redeems: boolean, sweeps: boolean, store: Store): Promise<string[]> {
  const world = await makeOwnWorld((deps) => deps, store);
  const code = await world.offerCode();
  const tokens = redeems ? [tokensIn(await world.redeem(code))] : [];
  for (const { does, afterSeconds } of acts) {
    world.run(afterSeconds);
    if (sweeps) for (let call = 0; call < 8; call++) await store.sweep(world.now(), 100);
    const [newest, older] = [tokens.at(-1), tokens.at(-2)];
    if (does === "code again") await world.redeem(code);
    if (newest === undefined) continue;
    if (does === "use") await world.introspect(newest.access_token);
    if (does === "revoke") await world.revoke(newest.refresh_token);
    if (does === "replay" && older !== undefined) await world.refresh(older.refresh_token);
    if (does !== "refresh") continue;
    const reply = await world.refresh(newest.refresh_token);
    if (reply.status === 200) tokens.push(tokensIn(reply));
  }
  if (sweeps) for (let call = 0; call < 8; call++) await store.sweep(world.now(), 100);
  return answers(world, code, tokens);
}

test(
  "R-23, I6: sweeping at any moment in the life of a grant changes no answer: rows that reveal a replay are kept",
  () =>
    fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 8 }), fc.boolean(), async (acts, redeems) => {
        const unswept = await story(acts, redeems, false, memoryStore());
        expect(await story(acts, redeems, true, memoryStore())).toEqual(unswept);
      }),
      { numRuns: 150 },
    ),
  60_000,
);

test("R-23, I6: the same on SQLite", async () => {
  const data = makeDataDirectory();
  let run = 0;
  try {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 6 }), fc.boolean(), async (acts, redeems) => {
        const store = openSqliteStore({ path: join(data.path, `run-${run++}`, "symbolon.sqlite") });
        const unswept = await story(acts, redeems, false, memoryStore());
        expect(await story(acts, redeems, true, store)).toEqual(unswept);
        await store.close();
      }),
      { numRuns: 20 },
    );
  } finally {
    data.remove();
  }
}, 60_000);

test("R-22: a server that sweeps two thousand ended grants goes on answering and removes exactly those", async () => {
  const stage = await setFaultStage();
  try {
    const old = nowSeconds() - 30 * 86_400;
    const ended = Array.from({ length: 2_000 }, (): Grant => offeredGrant(stage.credentials, stage.owner, old, 60));
    await stage.data.withStore((store) => Promise.all(ended.map((grant) => store.grants.insert(grant))));
    const live = await stage.grants(500);
    const left = () =>
      stage.data.withStore(async (store) => (await store.grants.list({ state: "offered", limit: 5_000 })).length);
    const server = await stage.start({ quiet: true });
    const pool = new ClientPool(server.port, 4);
    let asked = 0;
    for (const isOver = { now: false }; !isOver.now; isOver.now = (await left()) === 0) {
      const replies = await Promise.all(
        live
          .slice(0, 100)
          .map(({ access_token: token }) => pool.send(introspectRequest(server.port, stage.resourceServer, token))),
      );
      expect(replies.every(({ status, body }) => status === 200 && body.includes('"active":true'))).toBe(true);
      asked += replies.length;
    }
    expect(asked).toBeGreaterThan(0);
    for (const { access_token: token } of live) expect(await isActive(server, stage.resourceServer, token)).toBe(true);
    pool.close();
    expect(await server.stop()).toBe(0);
  } finally {
    await stage.close();
  }
}, 120_000);

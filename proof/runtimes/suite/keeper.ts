import { Sealed } from "@symbolon/client";
import {
  createKeeper,
  KeeperError,
  memoryPlace,
  memoryStore,
  wrappingKey,
  type Keeper,
  type KeeperOptions,
  type MemoryPlace,
} from "@symbolon/client/keeper";
import { assertEqual, rejection, assertTrue } from "./assert.ts";
import { clientOf, countOf, type Case } from "./case.ts";

const keyOf = (id: string, fill: number) => wrappingKey(id, new Uint8Array(32).fill(fill));
const first = keyOf("first", 1);

/** A keeper as in one of several processes that share a store. */
const keeperOf = (base: string, place: MemoryPlace, keys = { current: first } as KeeperOptions["keys"]): Keeper =>
  createKeeper({ providers: clientOf(base).keeperProvider(), store: memoryStore(place), keys });

const adopt = (keeper: Keeper): Promise<void> =>
  keeper.adopt("grant", {
    accessToken: new Sealed("access-0"),
    refreshToken: new Sealed("refresh-0"),
    lifetimeSeconds: 3600,
    scope: ["read", "write"],
  });

const tokenOf = async (keeper: Keeper, rejected?: string): Promise<string> =>
  (await keeper.token("grant", rejected === undefined ? {} : { rejected })).accessToken.reveal();

const repeat = <T>(count: number, one: (at: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, at) => one(at)));

export const keeperCases: readonly Case[] = [
  {
    name: "keeper: returns the adopted access token without a request while it is valid",
    async run(base) {
      const keeper = keeperOf(base, memoryPlace());
      await adopt(keeper);
      const kept = await keeper.token("grant");
      assertEqual(
        [kept.accessToken.reveal(), kept.version, kept.scope, kept.volatile],
        ["access-0", 1, ["read", "write"], false],
        "the token",
      );
      assertEqual(await countOf(base, "refresh_token"), 0, "refreshes");
      await keeper.close();
    },
  },
  {
    name: "keeper: ten callers in each of three processes cause one refresh after a 401",
    async run(base) {
      const place = memoryPlace();
      const keepers = [keeperOf(base, place), keeperOf(base, place), keeperOf(base, place)];
      await adopt(keepers[0]!);
      const tokens = await repeat(30, (at) => tokenOf(keepers[at % 3]!, "access-0"));
      assertEqual([...new Set(tokens)], ["access-1"], "the tokens");
      assertEqual(await countOf(base, "refresh_token"), 1, "refreshes");
      for (const keeper of keepers) await keeper.close();
    },
  },
  {
    name: "keeper: a lost response is requested again, and the grant survives",
    place: "lost",
    async run(base) {
      const keeper = keeperOf(base, memoryPlace());
      await adopt(keeper);
      const result = await keeper.tryToken("grant", { rejected: "access-0" });
      // The first attempt was lost. Where this call did not wait for the next one, the next call does.
      const token =
        result.ok && result.value.accessToken.reveal() !== "access-0"
          ? result.value.accessToken.reveal()
          : await tokenOf(keeper, "access-0");
      assertEqual(token, "access-1", "the token");
      assertEqual(
        [await countOf(base, "refresh_token"), (await keeper.status("grant")).state],
        [2, "active"],
        "refreshes, and how the grant is",
      );
      await keeper.close();
    },
  },
  {
    name: "keeper: stores tokens sealed, and another key cannot open them",
    async run(base) {
      const place = memoryPlace();
      const keeper = keeperOf(base, place);
      await adopt(keeper);
      const stored = JSON.stringify([...place.entries]);
      assertTrue(
        stored.includes("grant") && !stored.includes("access-0") && !stored.includes("refresh-0"),
        "tokens are sealed",
      );
      const refused = await rejection(
        keeperOf(base, place, { current: keyOf("first", 2) }).token("grant"),
        "another key",
      );
      assertTrue(refused instanceof KeeperError && refused.code === "unreadable", "it is called unreadable");
      assertEqual(await tokenOf(keeper), "access-0", "nothing was changed");
      await keeper.close();
    },
  },
  {
    name: "keeper: after rekey() the old key is not needed",
    async run(base) {
      const place = memoryPlace();
      await adopt(keeperOf(base, place));
      const second = keyOf("second", 2);
      await keeperOf(base, place, { current: second, others: [first] }).rekey();
      assertEqual(
        await tokenOf(keeperOf(base, place, { current: second })),
        "access-0",
        "the token under the new key alone",
      );
      const refused = await rejection(keeperOf(base, place).token("grant"), "the old key");
      assertTrue(refused instanceof KeeperError && refused.code === "unreadable", "the old key opens nothing");
    },
  },
  {
    name: "keeper: fetch sends the access token, and after a 401 the next one",
    async run(base) {
      const keeper = keeperOf(base, memoryPlace());
      await adopt(keeper);
      const call = keeper.fetch("grant");
      assertEqual((await call(`${base}/token_info`)).status, 200, "the first call");
      // Another process has refreshed, so this keeper's access token is no longer valid.
      await clientOf(base).refresh({ refreshToken: "refresh-0" });
      assertEqual((await call(`${base}/token_info`)).status, 200, "the second call");
      assertEqual(await tokenOf(keeper), "access-1", "the token");
      await keeper.close();
    },
  },
  {
    name: "keeper: revoke ends the grant in the keeper and at the provider",
    async run(base) {
      const keeper = keeperOf(base, memoryPlace());
      await adopt(keeper);
      assertEqual(await keeper.revoke("grant"), "revoked", "the answer");
      const over = await rejection(keeper.token("grant"), "a token of it");
      assertTrue(over instanceof KeeperError && over.code === "ended", "it is called ended");
      assertEqual(await countOf(base, "revoke"), 1, "what the provider was told");
      await keeper.close();
    },
  },
];

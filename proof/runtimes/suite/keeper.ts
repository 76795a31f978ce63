import { Sealed } from "@symbolon/client";
import {
  createKeeper,
  KeeperError,
  memoryPlace,
  memoryStore,
  wrappingKey,
  type Keeper,
  type MemoryPlace,
} from "@symbolon/client/keeper";
import { equal, rejection, truth } from "./assert.ts";
import { clientOf, countOf, type Case } from "./case.ts";

const keyOf = (id: string, fill: number) => wrappingKey(id, new Uint8Array(32).fill(fill));
const first = keyOf("first", 1);

/** A keeper, as one of the processes on a place. */
const keeperOf = (
  base: string,
  place: MemoryPlace,
  keys = { current: first } as Parameters<typeof createKeeper>[0]["keys"],
): Keeper => createKeeper({ providers: clientOf(base).keeperProvider(), store: memoryStore(place), keys });

const adopt = (keeper: Keeper): Promise<void> =>
  keeper.adopt("grant", {
    accessToken: new Sealed("access-0"),
    refreshToken: new Sealed("refresh-0"),
    lifetimeSeconds: 3600,
    scope: ["read", "write"],
  });

const tokenOf = async (keeper: Keeper, rejected?: string): Promise<string> =>
  (await keeper.token("grant", rejected === undefined ? {} : { rejected })).accessToken.reveal();

const times = <T>(count: number, one: (at: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, at) => one(at)));

export const keeping: readonly Case[] = [
  {
    name: "keeper: what is adopted is handed out, and nothing is sent while it lives",
    async run(base) {
      const keeper = keeperOf(base, memoryPlace());
      await adopt(keeper);
      const kept = await keeper.token("grant");
      equal(
        [kept.accessToken.reveal(), kept.version, kept.scope, kept.volatile],
        ["access-0", 1, ["read", "write"], false],
        "the token",
      );
      equal(await countOf(base, "refresh_token"), 0, "refreshes");
      await keeper.close();
    },
  },
  {
    name: "keeper: ten callers in each of three processes whose token was answered with 401 cause one refresh",
    async run(base) {
      const place = memoryPlace();
      const keepers = [keeperOf(base, place), keeperOf(base, place), keeperOf(base, place)];
      await adopt(keepers[0]!);
      const tokens = await times(30, (at) => tokenOf(keepers[at % 3]!, "access-0"));
      equal([...new Set(tokens)], ["access-1"], "the tokens");
      equal(await countOf(base, "refresh_token"), 1, "refreshes");
      for (const keeper of keepers) await keeper.close();
    },
  },
  {
    name: "keeper: an answer that is lost on the way is asked for again, and no grant with it",
    place: "lost",
    async run(base) {
      const keeper = keeperOf(base, memoryPlace());
      await adopt(keeper);
      const told = await keeper.tryToken("grant", { rejected: "access-0" });
      // The first attempt was lost. Where this call did not wait for the next one, the next call does.
      const token =
        told.ok && told.value.accessToken.reveal() !== "access-0"
          ? told.value.accessToken.reveal()
          : await tokenOf(keeper, "access-0");
      equal(token, "access-1", "the token");
      equal(
        [await countOf(base, "refresh_token"), (await keeper.status("grant")).state],
        [2, "active"],
        "refreshes, and how the grant is",
      );
      await keeper.close();
    },
  },
  {
    name: "keeper: the store holds no token, and another key opens nothing",
    async run(base) {
      const place = memoryPlace();
      const keeper = keeperOf(base, place);
      await adopt(keeper);
      const stored = JSON.stringify([...place.entries]);
      truth(
        stored.includes("grant") && !stored.includes("access-0") && !stored.includes("refresh-0"),
        "tokens are sealed",
      );
      const refused = await rejection(
        keeperOf(base, place, { current: keyOf("first", 2) }).token("grant"),
        "another key",
      );
      truth(refused instanceof KeeperError && refused.code === "unreadable", "it is called unreadable");
      equal(await tokenOf(keeper), "access-0", "nothing was changed");
      await keeper.close();
    },
  },
  {
    name: "keeper: rekey wraps with the new key, and the old one is needed no more",
    async run(base) {
      const place = memoryPlace();
      await adopt(keeperOf(base, place));
      const second = keyOf("second", 2);
      await keeperOf(base, place, { current: second, others: [first] }).rekey();
      equal(await tokenOf(keeperOf(base, place, { current: second })), "access-0", "the token under the new key alone");
      const refused = await rejection(keeperOf(base, place).token("grant"), "the old key");
      truth(refused instanceof KeeperError && refused.code === "unreadable", "the old key opens nothing");
    },
  },
  {
    name: "keeper: its fetch sends the token, and after a 401 the next one",
    async run(base) {
      const keeper = keeperOf(base, memoryPlace());
      await adopt(keeper);
      const call = keeper.fetch("grant");
      equal((await call(`${base}/token_info`)).status, 200, "the first call");
      // Another process has refreshed behind this one's back, and made its token worthless.
      await clientOf(base).refresh({ refreshToken: "refresh-0" });
      equal((await call(`${base}/token_info`)).status, 200, "the second call");
      equal(await tokenOf(keeper), "access-1", "the token");
      await keeper.close();
    },
  },
  {
    name: "keeper: revoked is over, here and at the provider",
    async run(base) {
      const keeper = keeperOf(base, memoryPlace());
      await adopt(keeper);
      equal(await keeper.revoke("grant"), "revoked", "the answer");
      const over = await rejection(keeper.token("grant"), "a token of it");
      truth(over instanceof KeeperError && over.code === "ended", "it is called ended");
      equal(await countOf(base, "revoke"), 1, "what the provider was told");
      await keeper.close();
    },
  },
];

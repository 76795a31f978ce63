import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Sealed } from "@symbolon/protocol";
import { createKeeper, memoryStore, wrappingKey, type Keeper, type KeeperStore } from "@symbolon/client/keeper";
import { kinds, newStage } from "./stages.ts";

const keys = { current: wrappingKey("test", new Uint8Array(32).fill(7)) };

/** A strict provider: a spent refresh token ends the grant. */
function strictProvider() {
  let turn = 1;
  const presented: string[] = [];
  const tokensOf = (turn: number) => ({
    accessToken: new Sealed(`at-${turn}`),
    refreshToken: new Sealed(`rt-${turn}`),
    lifetimeSeconds: 3600,
  });
  return {
    presented,
    consent: () => tokensOf(1),
    issuer: "https://strict.example",
    clientId: "app",
    clientGeneration: 1,
    rotation: { kind: "strict" } as const,
    readsIntent: false,
    deadlineMs: 5000,
    async refresh({ refreshToken }: { refreshToken: Sealed }) {
      presented.push(refreshToken.reveal());
      if (refreshToken.reveal() !== `rt-${turn}`)
        return { kind: "refused", about: "grant", code: "invalid_grant", status: 400, final: true } as const;
      return { kind: "tokens", tokens: tokensOf(++turn) } as const;
    },
  };
}

/** Loses the response to the first write of a grant: the write is applied, and the caller gets an error. */
function losingOneResponse(store: KeeperStore): KeeperStore {
  let lost = false;
  return {
    read: (key) => store.read(key),
    remove: (key, expected) => store.remove(key, expected),
    entries: (prefix) => store.entries(prefix),
    close: () => store.close(),
    async write(key, expected, value) {
      const revision = await store.write(key, expected, value);
      if (lost || !key.startsWith("g.")) return revision;
      lost = true;
      throw new Error("the connection broke");
    },
  };
}

describe.each(["memory", ...kinds] as const)(
  "refresh-tokens.md B5: adopting the same tokens again, with the %s store",
  (kind) => {
    let open: () => Promise<KeeperStore>;
    let remove = async (): Promise<void> => undefined;
    beforeAll(async () => {
      if (kind === "memory") {
        const store = memoryStore();
        open = async () => store;
      } else ({ open, remove } = await newStage(kind));
    });
    afterAll(() => remove());

    test("keeps the newer tokens where the first adoption was stored without a response and was refreshed since", async () => {
      const provider = strictProvider();
      const [store, others] = [await open(), await open()];
      const keeper: Keeper = createKeeper({ providers: provider, store: losingOneResponse(store), keys });
      const other = createKeeper({ providers: provider, store: others, keys });
      await expect(keeper.adopt("1", provider.consent())).rejects.toMatchObject({ code: "store_unavailable" });
      const { version } = await other.token("1", { rejected: provider.consent().accessToken });
      expect(version).toBe(2);

      await keeper.adopt("1", provider.consent());
      const kept = await keeper.token("1");
      expect([kept.version, kept.accessToken.reveal()]).toEqual([2, "at-2"]);
      expect(provider.presented).toEqual(["rt-1"]);
      await store.close();
      await others.close();
    });
  },
);

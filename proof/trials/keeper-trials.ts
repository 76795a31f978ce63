import {
  createKeeper,
  memoryPlace,
  memoryStore,
  wrappingKey,
  type Keeper,
  type KeeperStore,
} from "@symbolon/client/keeper";
import { keeperProvider, platformWorld, type Profile } from "@symbolon/client";
import { Sealed } from "@symbolon/protocol";
import { callers, failingOnce, familyState, withProvider, callTenTimes, type TrialSetup, type Trial } from "./trial.ts";

const subject = "**keeper**";

/** The provider of the trials. Nothing is known about it, so its rotation is strict. */
const unlisted: Profile = {
  name: "unlisted",
  issuer: "https://unlisted.example",
  bases: {},
  endpoints: { token: "{api}/token" },
  authentication: "client_secret_basic",
  scopes: [],
  rotation: { kind: "strict" },
  quirks: {},
  checkedOn: "2026-11-25",
};

type Setting = { profile?: Profile; store?: KeeperStore; fetch?: typeof fetch; hoursLater?: () => number };

function createTestKeeper(
  { url }: TrialSetup,
  { profile = unlisted, store = memoryStore(), fetch: send = fetch, hoursLater = () => 0 }: Setting = {},
): Keeper {
  const { epochMs, monotonicMs } = platformWorld;
  const world = {
    ...platformWorld,
    epochMs: () => epochMs() + hoursLater() * 3_600_000,
    monotonicMs: () => monotonicMs() + hoursLater() * 3_600_000,
  };
  const providers = keeperProvider({
    profile,
    clientId: "app",
    clientSecret: "secret",
    baseUrl: url,
    timeoutMs: 5000,
    fetch: send,
  });
  return createKeeper({ providers, store, world, keys: { current: wrappingKey("1", new Uint8Array(32)) } });
}

/** Adopts the tokens of a consent. By default the access token expires at once. */
const adopt = (keeper: Keeper, { first }: TrialSetup, lifetimeSeconds = 0.001): Promise<void> =>
  keeper.adopt("grant", {
    accessToken: new Sealed(first.access_token),
    refreshToken: new Sealed(first.refresh_token),
    lifetimeSeconds,
  });

export const keeperTrials: Trial[] = [
  {
    scenario: "concurrent",
    subject,
    run: () =>
      withProvider("strict", async (setup) => {
        await using keeper = createTestKeeper(setup);
        await adopt(keeper, setup);
        const { words, rejected } = await callTenTimes(() => keeper.token("grant"));
        return { outcome: words, kept: setup.isAlive() && rejected === 0 };
      }),
  },
  {
    scenario: "two_objects",
    subject,
    run: () =>
      withProvider("strict", async (setup) => {
        const place = memoryPlace();
        await using one = createTestKeeper(setup, { store: memoryStore(place) });
        await using other = createTestKeeper(setup, { store: memoryStore(place) });
        await adopt(one, setup);
        const { words, rejected } = await callTenTimes((n) => (n % 2 === 0 ? one : other).token("grant"));
        return { outcome: `${words}, ${familyState(setup)}`, kept: setup.isAlive() && rejected === 0 };
      }),
  },
  {
    scenario: "second_expiry",
    subject,
    run: () =>
      withProvider("strict", async (setup) => {
        let hours = 0;
        await using keeper = createTestKeeper(setup, { hoursLater: () => hours });
        await adopt(keeper, setup);
        await callTenTimes(() => keeper.token("grant"));
        hours = 2;
        const { words, rejected } = await callTenTimes(() => keeper.token("grant"));
        return { outcome: `${words}, ${familyState(setup)}`, kept: setup.isAlive() && rejected === 0 };
      }),
  },
  {
    scenario: "lost_answer",
    subject: `${subject}, access token still alive`,
    run: () =>
      withProvider("strict", async (setup) => {
        let hours = 0;
        await using keeper = createTestKeeper(setup, { hoursLater: () => hours });
        setup.provider.mishap = () => (setup.posts() === 1 ? "cut_after" : undefined);
        await adopt(keeper, setup, 3600);
        hours = 0.5;
        // A caller that needs a longer lifetime causes the refresh.
        await keeper.tryToken("grant", { minimumLifeSeconds: 2700 });
        const { words, rejected } = await callTenTimes(() => keeper.token("grant"));
        const { state } = await keeper.status("grant");
        return {
          outcome: `${words} with the access token that lives, state ${state}, ${familyState(setup)}; the lost answer cannot be had again`,
          kept: setup.isAlive() && rejected === 0,
        };
      }),
  },
  {
    scenario: "lost_answer",
    subject: `${subject}, access token over`,
    inevitable: true,
    run: () =>
      withProvider("strict", async (setup) => {
        let hours = 0;
        await using keeper = createTestKeeper(setup, { hoursLater: () => hours });
        setup.provider.mishap = () => (setup.posts() === 1 ? "cut_after" : undefined);
        await adopt(keeper, setup);
        const codes: string[] = [];
        for (; hours < 3; hours++) {
          const turns = await Promise.all(Array.from({ length: callers }, () => keeper.tryToken("grant")));
          codes.push(...turns.map((turn) => (turn.ok ? "served" : turn.error.code)));
        }
        return {
          outcome: `callers get ${[...new Set(codes)].join(", then ")}; ${familyState(setup)}: no client can keep this grant`,
          kept: setup.isAlive(),
        };
      }),
  },
  {
    scenario: "lost_answer",
    subject: `${subject}, provider that reads the intent key`,
    run: () =>
      withProvider("intent", async (setup) => {
        await using keeper = createTestKeeper(setup, { profile: { ...unlisted, quirks: { readsIntent: true } } });
        setup.provider.mishap = () => (setup.posts() === 1 ? "cut_after" : undefined);
        await adopt(keeper, setup);
        const { words, rejected } = await callTenTimes(() => keeper.token("grant"));
        return {
          outcome: `${words}, ${familyState(setup)}: the same answer came again`,
          kept: setup.isAlive() && rejected === 0,
        };
      }),
  },
  {
    scenario: "slow_store",
    subject,
    run: () =>
      withProvider("strict", async (setup) => {
        const place = memoryPlace();
        const store = memoryStore(place);
        const slow: KeeperStore = {
          ...store,
          write: (key, expected, value) =>
            new Promise((resolve) => setTimeout(() => resolve(store.write(key, expected, value)), 200)),
        };
        await using keeper = createTestKeeper(setup, { store: slow });
        await adopt(keeper, setup);
        const { version, volatile } = await keeper.token("grant");
        const stored = (await createTestKeeper(setup, { store }).status("grant")).version === version && !volatile;
        return {
          outcome: stored ? "token stored before it was used" : "token used before it was stored",
          kept: stored,
        };
      }),
  },
  {
    scenario: "network_error",
    subject,
    run: () =>
      withProvider("strict", async (setup) => {
        await using keeper = createTestKeeper(setup, { fetch: failingOnce() });
        await adopt(keeper, setup);
        const { words, rejected } = await callTenTimes(() => keeper.token("grant"));
        return { outcome: words, kept: setup.isAlive() && rejected === 0 };
      }),
  },
  {
    scenario: "omitted",
    subject,
    run: () =>
      withProvider("none", async (setup) => {
        let hours = 0;
        await using keeper = createTestKeeper(setup, {
          profile: { ...unlisted, rotation: { kind: "none" } },
          hoursLater: () => hours,
        });
        await adopt(keeper, setup);
        await keeper.token("grant");
        hours = 2;
        const kept = (await keeper.tryToken("grant")).ok;
        return { outcome: kept ? "refresh token kept, the next refresh works" : "refresh token lost", kept };
      }),
  },
];

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
import { callers, failsOnce, family, onStage, tenAtOnce, type Stage, type Trial } from "./trial.ts";

const subject = "**keeper**";

/** The trials' provider: nothing is known of it, so it counts as strict. */
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

function keeperAt(
  { url }: Stage,
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

/** The person's consent, whose access token has `lifetimeSeconds` left: too little to be served. */
const consent = (keeper: Keeper, { first }: Stage, lifetimeSeconds = 0.001): Promise<void> =>
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
      onStage("strict", async (stage) => {
        await using keeper = keeperAt(stage);
        await consent(keeper, stage);
        const { words, rejected } = await tenAtOnce(() => keeper.token("grant"));
        return { outcome: words, kept: stage.isAlive() && rejected === 0 };
      }),
  },
  {
    scenario: "two_objects",
    subject,
    run: () =>
      onStage("strict", async (stage) => {
        const place = memoryPlace();
        await using one = keeperAt(stage, { store: memoryStore(place) });
        await using other = keeperAt(stage, { store: memoryStore(place) });
        await consent(one, stage);
        const { words, rejected } = await tenAtOnce((n) => (n % 2 === 0 ? one : other).token("grant"));
        return { outcome: `${words}, ${family(stage)}`, kept: stage.isAlive() && rejected === 0 };
      }),
  },
  {
    scenario: "second_expiry",
    subject,
    run: () =>
      onStage("strict", async (stage) => {
        let hours = 0;
        await using keeper = keeperAt(stage, { hoursLater: () => hours });
        await consent(keeper, stage);
        await tenAtOnce(() => keeper.token("grant"));
        hours = 2;
        const { words, rejected } = await tenAtOnce(() => keeper.token("grant"));
        return { outcome: `${words}, ${family(stage)}`, kept: stage.isAlive() && rejected === 0 };
      }),
  },
  {
    scenario: "lost_answer",
    subject: `${subject}, access token still alive`,
    run: () =>
      onStage("strict", async (stage) => {
        let hours = 0;
        await using keeper = keeperAt(stage, { hoursLater: () => hours });
        stage.provider.mishap = () => (stage.posts() === 1 ? "cut_after" : undefined);
        await consent(keeper, stage, 3600);
        hours = 0.5;
        // A caller who wants more life than is left asks for the refresh.
        await keeper.tryToken("grant", { minimumLifeSeconds: 2700 });
        const { words, rejected } = await tenAtOnce(() => keeper.token("grant"));
        const { state } = await keeper.status("grant");
        return {
          outcome: `${words} with the access token that lives, state ${state}, ${family(stage)}; the lost answer cannot be had again`,
          kept: stage.isAlive() && rejected === 0,
        };
      }),
  },
  {
    scenario: "lost_answer",
    subject: `${subject}, access token over`,
    inevitable: true,
    run: () =>
      onStage("strict", async (stage) => {
        let hours = 0;
        await using keeper = keeperAt(stage, { hoursLater: () => hours });
        stage.provider.mishap = () => (stage.posts() === 1 ? "cut_after" : undefined);
        await consent(keeper, stage);
        const codes: string[] = [];
        for (; hours < 3; hours++) {
          const turns = await Promise.all(Array.from({ length: callers }, () => keeper.tryToken("grant")));
          codes.push(...turns.map((turn) => (turn.ok ? "served" : turn.error.code)));
        }
        return {
          outcome: `callers hear ${[...new Set(codes)].join(", then ")}; ${family(stage)}: no client can keep this grant`,
          kept: stage.isAlive(),
        };
      }),
  },
  {
    scenario: "lost_answer",
    subject: `${subject}, provider that reads the intent key`,
    run: () =>
      onStage("intent", async (stage) => {
        await using keeper = keeperAt(stage, { profile: { ...unlisted, quirks: { readsIntent: true } } });
        stage.provider.mishap = () => (stage.posts() === 1 ? "cut_after" : undefined);
        await consent(keeper, stage);
        const { words, rejected } = await tenAtOnce(() => keeper.token("grant"));
        return {
          outcome: `${words}, ${family(stage)}: the same answer came again`,
          kept: stage.isAlive() && rejected === 0,
        };
      }),
  },
  {
    scenario: "slow_store",
    subject,
    run: () =>
      onStage("strict", async (stage) => {
        const place = memoryPlace();
        const store = memoryStore(place);
        const slow: KeeperStore = {
          ...store,
          write: (key, expected, value) =>
            new Promise((resolve) => setTimeout(() => resolve(store.write(key, expected, value)), 200)),
        };
        await using keeper = keeperAt(stage, { store: slow });
        await consent(keeper, stage);
        const { version, volatile } = await keeper.token("grant");
        const stored = (await keeperAt(stage, { store }).status("grant")).version === version && !volatile;
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
      onStage("strict", async (stage) => {
        await using keeper = keeperAt(stage, { fetch: failsOnce() });
        await consent(keeper, stage);
        const { words, rejected } = await tenAtOnce(() => keeper.token("grant"));
        return { outcome: words, kept: stage.isAlive() && rejected === 0 };
      }),
  },
  {
    scenario: "omitted",
    subject,
    run: () =>
      onStage("none", async (stage) => {
        let hours = 0;
        await using keeper = keeperAt(stage, {
          profile: { ...unlisted, rotation: { kind: "none" } },
          hoursLater: () => hours,
        });
        await consent(keeper, stage);
        await keeper.token("grant");
        hours = 2;
        const kept = (await keeper.tryToken("grant")).ok;
        return { outcome: kept ? "refresh token kept, the next refresh works" : "refresh token lost", kept };
      }),
  },
];

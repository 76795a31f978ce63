import { createKeeper, wrappingKey, type Keeper, type KeeperEvent, type KeeperStore } from "@symbolon/client/keeper";
import { keeperProvider, platformWorld, type Profile, type RotationClass, type World } from "@symbolon/client";
import { Sealed } from "@symbolon/protocol";
import { windowMs, type Answer, type Rule } from "./rules.ts";
import type { Task } from "./worker-messages.ts";

/** How each kind of provider is described to the keeper. */
const classes: Record<Rule, RotationClass> = {
  lazy: { kind: "lazy" },
  replay: { kind: "replay", windowSeconds: windowMs.replay / 1000 },
  grace: { kind: "grace", windowSeconds: windowMs.grace / 1000 },
  timed: { kind: "timed", everySeconds: windowMs.timed / 1000 },
  none: { kind: "none" },
  strict: { kind: "strict" },
  intent: { kind: "strict" },
};

const profileOf = (rule: Rule): Profile => ({
  name: rule,
  issuer: `https://${rule}.example`,
  bases: {},
  endpoints: { token: "{api}/token" },
  authentication: "client_secret_basic",
  scopes: [],
  rotation: classes[rule],
  quirks: rule === "intent" ? { readsIntent: true } : {},
  checkedOn: "2026-11-25",
});

/** Loads only what this store needs: many processes start. */
export async function openTaskStore({ kind, where }: Task["store"]): Promise<KeeperStore> {
  if (kind === "files")
    return (await import("@symbolon/keeper-stores/files")).openFilesKeeperStore({ directory: where });
  if (kind === "sqlite") return (await import("@symbolon/keeper-stores/sqlite")).openSqliteKeeperStore({ path: where });
  return (await import("@symbolon/keeper-stores/postgres")).openPostgresKeeperStore({ connectionString: where });
}

type Surroundings = { store: KeeperStore; world: World; processName: string; onEvent?: (event: KeeperEvent) => void };

/** A `fetch` that says which process sends. */
export const signedFetch =
  (processName: string): typeof fetch =>
  (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set("x-process", processName);
    return fetch(input, { ...init, headers });
  };

/** A keeper as an application would open it: a client at each provider, one store, one key. */
export function keeperOf(
  { providerUrl, key, grants, deadlineMs, pace }: Task,
  { store, world, processName, onEvent = () => {} }: Surroundings,
): Keeper {
  const providers = grants.map(({ rule }) => ({
    ...keeperProvider({
      profile: profileOf(rule),
      clientId: "app",
      clientSecret: "secret",
      baseUrl: providerUrl,
      timeoutMs: deadlineMs,
      fetch: signedFetch(processName),
    }),
    deadlineMs: deadlineMs * pace,
  }));
  return createKeeper({
    store,
    world,
    providers,
    keys: { current: wrappingKey("1", Buffer.from(key, "base64url")) },
    onEvent,
  });
}

/**
 * The common clock runs `pace` times as fast as the real one from `epochMs` on, and is put forward by `offsetMs()`.
 * This one is wrong by `skewMs`.
 */
export const worldOf = (
  { pace, epochMs: sinceMs }: Pick<Task, "pace" | "epochMs">,
  offsetMs: () => number,
  skewMs = 0,
): World => {
  const { epochMs, monotonicMs, random, sleep } = platformWorld;
  return {
    epochMs: () => sinceMs + (epochMs() - sinceMs) * pace + offsetMs() + skewMs,
    monotonicMs: () => monotonicMs() * pace + offsetMs(),
    random,
    sleep: (ms, signal) => sleep(ms / pace, signal),
  };
};

/** Takes over a consent. */
export const adopt = (
  keeper: Keeper,
  id: string,
  rule: Rule,
  { access_token, refresh_token, expires_in }: Answer,
): Promise<void> =>
  keeper.adopt(
    id,
    { accessToken: new Sealed(access_token), refreshToken: new Sealed(refresh_token!), lifetimeSeconds: expires_in },
    { issuer: profileOf(rule).issuer! },
  );

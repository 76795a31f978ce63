import { Sealed } from "@symbolon/protocol";
import type { RotationClass } from "../../rotation-class.ts";
import type { World } from "../../world.ts";
import type { FreshTokens, KeeperProvider, RefreshAsk, RefreshOutcome } from "../provider.ts";

type Pair = { access: string; refresh: string };
type Family = { pairs: Pair[]; rotatedAtMs: number; used: boolean; alive: boolean; intent?: string | undefined };

/** What happens to one request. `lost`: the provider acts, and its answer does not arrive. */
export type Fault = "unsent" | "lost" | RefreshOutcome | { afterMs: number } | { hang: true };

export type FakeProvider = KeeperProvider & {
  /** A user consents: a new token family. */
  consent(): FreshTokens;
  /** Faults of the next requests, in order; later requests have none. */
  faults: Fault[];
  /** Every request that arrived, and what it was answered. */
  posts: {
    refreshToken: string;
    intent?: string | undefined;
    atMs: number;
    outcome: RefreshOutcome["kind"] | "lost";
  }[];
  /** Whether a resource server would accept it; the first use of a lazy pair ends its predecessor. */
  accepts(access: string | Sealed): boolean;
  /** The user ends every grant at the provider. */
  end(): void;
  revoked: string[];
  omitRefreshToken: boolean;
  scope?: readonly string[];
};

/** A provider of any rotation class, whose rules are those of refresh-tokens.md B1. */
export function fakeProvider(world: World, rotation: RotationClass, set: Partial<KeeperProvider> = {}): FakeProvider {
  const families: Family[] = [];
  let minted = 0;
  const mint = (): Pair => ({ access: `at-${++minted}`, refresh: `rt-${minted}` });
  const lifetimeSeconds = 3600;

  const familyOf = (refresh: string): Family | undefined =>
    families.find(({ pairs }) => pairs.some((pair) => pair.refresh === refresh));
  const answer = (pair: Pair): RefreshOutcome => ({
    kind: "tokens",
    tokens: {
      accessToken: new Sealed(pair.access),
      lifetimeSeconds,
      ...(provider.omitRefreshToken ? {} : { refreshToken: new Sealed(pair.refresh) }),
      ...(provider.scope === undefined ? {} : { scope: provider.scope }),
    },
  });
  const refused: RefreshOutcome = { kind: "refused", about: "grant", code: "invalid_grant", status: 400, final: false };

  function refresh({ refreshToken, intent }: RefreshAsk): RefreshOutcome {
    const presented = refreshToken.reveal();
    const family = familyOf(presented);
    if (!family?.alive) return refused;
    const head = family.pairs.at(-1)!;
    const isRotating =
      rotation.kind !== "none" &&
      !(rotation.kind === "timed" && world.epochMs() - family.rotatedAtMs < rotation.everySeconds * 1000);
    if (!isRotating) {
      const next = { ...mint(), refresh: head.refresh };
      family.pairs.push(next);
      return presented === head.refresh ? answer(next) : refused;
    }
    if (presented === head.refresh) {
      const next = mint();
      family.pairs.push(next);
      Object.assign(family, { rotatedAtMs: world.epochMs(), used: false, intent });
      return answer(next);
    }
    const windowMs =
      "windowSeconds" in rotation && rotation.windowSeconds !== undefined ? rotation.windowSeconds * 1000 : Infinity;
    const isPredecessor = family.pairs.at(-2)?.refresh === presented;
    const isInWindow = world.epochMs() - family.rotatedAtMs < windowMs;
    if (isPredecessor && provider.readsIntent && intent !== undefined && intent === family.intent) return answer(head);
    if (isPredecessor && rotation.kind === "replay" && isInWindow) return answer(head);
    if (isPredecessor && rotation.kind === "lazy" && isInWindow && !family.used) return answer(head);
    if (isPredecessor && rotation.kind === "grace" && isInWindow) {
      family.pairs.splice(-1, 1, mint());
      return answer(family.pairs.at(-1)!);
    }
    family.alive = rotation.kind === "replay";
    return refused;
  }

  const provider: FakeProvider = {
    issuer: "https://provider.example",
    clientId: "app",
    clientGeneration: 1,
    rotation,
    readsIntent: false,
    deadlineMs: 10_000,
    reconnectUrl: "https://app.example/connect",
    faults: [],
    posts: [],
    revoked: [],
    omitRefreshToken: false,
    consent() {
      const pair = mint();
      families.push({ pairs: [pair], rotatedAtMs: world.epochMs(), used: true, alive: true });
      return {
        accessToken: new Sealed(pair.access),
        refreshToken: new Sealed(pair.refresh),
        lifetimeSeconds,
        scope: ["read", "write"],
      };
    },
    async refresh(ask) {
      const fault = provider.faults.shift();
      const post = { refreshToken: ask.refreshToken.reveal(), intent: ask.intent, atMs: world.monotonicMs() };
      if (fault === "unsent") return { kind: "not_processed", code: "connection" };
      if (fault !== undefined && typeof fault === "object" && "kind" in fault) {
        provider.posts.push({ ...post, outcome: fault.kind });
        return fault;
      }
      const outcome = refresh(ask);
      provider.posts.push({ ...post, outcome: fault === "lost" ? "lost" : outcome.kind });
      if (fault === "lost") return { kind: "unknown", code: "connection" };
      if (fault !== undefined)
        await world.sleep("hang" in fault ? 1e12 : fault.afterMs, ask.signal).catch(() => undefined);
      return ask.signal.aborted ? { kind: "unknown", code: "timeout" } : outcome;
    },
    async revoke({ token }) {
      provider.revoked.push(token.reveal());
      const family = familyOf(token.reveal());
      if (family !== undefined) family.alive = false;
      return "revoked";
    },
    accepts(access) {
      const text = typeof access === "string" ? access : access.reveal();
      const family = families.find(({ pairs }) => pairs.some((pair) => pair.access === text));
      if (!family?.alive) return false;
      const isHead = family.pairs.at(-1)!.access === text;
      if (isHead) family.used = true;
      return isHead || rotation.kind !== "lazy" || (family.pairs.at(-2)?.access === text && !family.used);
    },
    end() {
      for (const family of families) family.alive = false;
    },
    ...set,
  };
  return provider;
}

import { Sealed, type GrantId } from "@symbolon/protocol";
import {
  familyState,
  type Application,
  type Grant,
  type ReplayPolicy,
  type ServerConfig,
  type Store,
} from "../src/index.ts";
import { hasExpired } from "../src/grants/grant.ts";
import { introspect, obtainTokens, refresh } from "./flows.ts";
import { makeWorld } from "./world.ts";

export const policies = {
  lazy: { preset: "lazy" },
  window: { preset: "window", seconds: 120 },
  strict: { preset: "strict" },
} as const satisfies Record<string, ReplayPolicy>;

export type Preset = keyof typeof policies;
export const presets = Object.keys(policies) as Preset[];

export type Pair = {
  access_token: string;
  refresh_token: string;
  expires_in: number;
  scope: string;
  created_at: number;
};

/** Two values of `refresh_intent`. */
export const key = "intent-key-one-0123456789";
export const otherKey = "intent-key-two-0123456789";

export type Family = Awaited<ReturnType<typeof startFamily>>;

type Options = {
  store?: Store;
  config?: Partial<ServerConfig>;
  application?: Partial<Application>;
  authorize?: Record<string, string>;
  resources?: readonly string[];
};

/**
 * One grant under a preset, and what its client, a thief and a resource server do with it. Its token pairs are numbered
 * by generation, as in refresh-tokens.md A7.
 */
export async function startFamily(preset: Preset, options: Options = {}) {
  const policy = policies[preset];
  const world = await makeWorld(options);
  await world.addApplication("app", { replay: policy, ...options.application });
  await world.addApplication("other", { replay: policy });
  await world.addAccount("ann@app.example");
  const [resource = null, ...further] = options.resources ?? [];
  await world.addResourceServer("rs_api", resource);
  for (const [index, one] of further.entries()) await world.addResourceServer(`rs_${index + 2}`, one);
  const first = (await obtainTokens(world, "app", "ann@app.example", options.authorize)) as Pair;
  const grant: GrantId = world.keyring.read("refresh", new Sealed(first.refresh_token))!.grantId;
  const pairs = new Map<number, Pair>([[1, first]]);

  const row = async (): Promise<Grant> => (await world.store.grants.find(grant))!;
  const pair = (generation: number): Pair => pairs.get(generation)!;
  const present = (generation: number, more: Record<string, string> = {}, client = "app") =>
    refresh(world, client, pair(generation).refresh_token, more);

  return {
    world,
    policy,
    grant,
    row,
    pair,
    present,
    /** Refreshes with the current token and keeps the new pair. */
    async rotate(more: Record<string, string> = {}): Promise<Pair> {
      const head = Math.max(...pairs.keys());
      const answer = await present(head, more);
      if (answer.status !== 200) throw new Error(`not rotated: ${answer.body}`);
      pairs.set(head + 1, answer.json());
      return pair(head + 1);
    },
    /** Whether introspection by a resource server says that the access token of a generation is active. */
    use: async (generation: number): Promise<boolean> =>
      (await introspect(world, "rs_api", pair(generation).access_token)).json().active,
    /** As A7 writes it: `overlap(2)`, `revoked(refresh_token_reuse)`, `expired`. */
    async stands(): Promise<string> {
      const now = await row();
      if (now.state === "revoked") return `revoked(${now.revokedBecause})`;
      if (hasExpired(now, world.now())) return "expired";
      return `${familyState(now, policy, world.now())}(${now.generation})`;
    },
    /** Writes an earlier row back, as a restored backup does. */
    restore: (earlier: Grant) =>
      world.store.grants.change(grant, (now) => ({ answer: undefined, write: { ...earlier, version: now!.version } })),
    /** What an action returns, and the names of the events that it emits. */
    async during<T>(action: () => Promise<T>): Promise<{ answer: T; events: string[] }> {
      const before = world.events.length;
      const answer = await action();
      return { answer, events: world.events.slice(before).map(({ name }) => name) };
    },
  };
}

/** Rotated once; no spent token can be replayed. */
export async function settledFamily(preset: Preset): Promise<Family> {
  const family = await startFamily(preset);
  await family.rotate();
  if (preset === "lazy") await family.use(2);
  family.world.advance({ lazy: 10, window: 120, strict: 0 }[preset]);
  return family;
}

/** Rotated twice, so that there is an ancestor; the predecessor can be replayed, under `strict` with the key. */
export async function overlappingFamily(preset: Preset): Promise<Family> {
  const family = await startFamily(preset);
  await family.rotate();
  await family.rotate({ refresh_intent: key });
  return family;
}

/** Rotated twice; the newest access token was used a moment ago. */
export async function settlingFamily(): Promise<Family> {
  const family = await startFamily("lazy");
  await family.rotate();
  await family.rotate();
  await family.use(3);
  return family;
}

import fc from "fast-check";
import { Sealed, covers, parseForm, parseScope, type Scope } from "@symbolon/protocol";
import { describe, expect, test } from "vitest";
import { accessSeconds, idleSeconds, TokenFamilyModel, type Outcome } from "@symbolon/testing";
import { key, otherKey, policies, presets, type Preset } from "../../test/token-family.ts";
import { basic, makeWorld, type World } from "../../test/world.ts";
import { introspect } from "../introspect/introspect.ts";
import { revoke } from "../revoke/revoke.ts";
import type { TokenResponse } from "../token/response.ts";
import { token } from "../token/token.ts";
import type { Grant } from "./grant.ts";
import { newGrantId } from "./new-grant.ts";

type Step =
  | { do: "present"; which: number; key: string | undefined; scope: string | undefined; times: number }
  | { do: "use"; which: number }
  | { do: "revoke"; which: number }
  | { do: "wait"; seconds: number };

/** Mostly the newest tokens, where the decisions differ; sometimes any. */
const which = fc.oneof({ weight: 6, arbitrary: fc.integer({ min: 0, max: 1 }) }, { weight: 1, arbitrary: fc.nat(20) });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constant("present" as const),
      which,
      key: fc.constantFrom(undefined, undefined, key, key, otherKey),
      scope: fc.constantFrom(undefined, undefined, undefined, "read", "write read", "read admin"),
      times: fc.oneof(
        { weight: 20, arbitrary: fc.constant(1) },
        { weight: 1, arbitrary: fc.constantFrom(3, 4, 50, 51) },
      ),
    }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant("use" as const), which }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("wait" as const),
      seconds: fc.constantFrom(0, 1, 9, 10, 59, 119, 120, 540, 600, 86_399, 86_400, idleSeconds - 1, idleSeconds),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("revoke" as const), which: fc.nat(20) }) },
);

const consented: Scope = ["read", "write"];
const request = (form: Record<string, string>, caller: string) => {
  const parsed = parseForm(new URLSearchParams(form).toString());
  if (!parsed.ok) throw new Error(parsed.reason);
  return { form: parsed.value, authorization: basic(caller), network: "", endpoint: "" };
};

async function plantGrant(
  world: World,
): Promise<{ grant: Grant["id"]; refreshToken: string; row: () => Promise<Grant> }> {
  const now = world.now();
  const id = newGrantId(world.deps.clock, world.deps.random);
  const [application, account] = [
    await world.store.applications.list(),
    await world.store.accounts.findByEmail("ann@app.example"),
  ];
  await world.store.grants.insert({
    id,
    application: application[0]!.id,
    owner: account!.id,
    resource: null,
    scope: consented,
    audiences: [],
    variants: [{ scope: null, audiences: null, lifetimeSeconds: accessSeconds }],
    state: "active",
    generation: 1,
    generationIssuedAt: now,
    confirmedAt: null,
    replays: 0,
    intent: null,
    challenge: null,
    offer: null,
    expiresAt: now + 10 * 365 * 86_400,
    idleExpiresAt: now + idleSeconds,
    revokedAt: null,
    revokedBecause: null,
    hasRevokedTokens: false,
    version: 0,
  });
  const refreshToken = world.keyring
    .mint("refresh", { grantId: id, generation: 1, issuedAt: 0, variant: 0 }, now)
    .reveal();
  return { grant: id, refreshToken, row: async () => (await world.store.grants.find(id))! };
}

const outcomeOf: Record<string, Outcome> = {
  "refresh.rotated": "rotated",
  "refresh.replayed": "replayed",
  "refresh.late_retry": "late retry",
  "refresh.reuse_detected": "theft",
};

/** Runs the steps on the server and on the model, and compares after each. */
async function play(world: World, preset: Preset, steps: readonly Step[]): Promise<void> {
  const { refreshToken, row } = await plantGrant(world);
  const model = new TokenFamilyModel(preset, world.now());
  const refreshTokens = [refreshToken];
  const accessTokens: { token: string; generation: number; issuedAt: number }[] = [];
  const successors = new Map<string, string>();
  const newest = <T>(list: readonly T[], back: number): T | undefined => list.at(-1 - (back % list.length));

  const isActive = async (accessToken: string): Promise<boolean> => {
    const answer = await introspect(request({ token: accessToken }, "rs_api"), world.deps);
    return answer.ok && answer.value.active;
  };

  const present = async ({ which, key, scope }: Step & { do: "present" }): Promise<void> => {
    const presented = newest(refreshTokens, which)!;
    const generation = refreshTokens.indexOf(presented) + 1;
    const before = await row();
    const from = world.events.length;
    const form = {
      grant_type: "refresh_token",
      refresh_token: presented,
      ...(key === undefined ? {} : { refresh_intent: key }),
      ...(scope === undefined ? {} : { scope }),
    };
    const answer = await token(request(form, "app"), world.deps);
    const expected = model.present(
      generation,
      key,
      scope === undefined || covers(consented, scope.split(" ")),
      world.now(),
    );
    const outcome =
      world.events
        .slice(from)
        .map(({ name }) => outcomeOf[name])
        .find((found) => found !== undefined) ?? "refused";
    expect(outcome).toBe(expected);
    expect(answer.ok, "S3: a client that may continue is served").toBe(
      expected === "rotated" || expected === "replayed",
    );
    if (answer.ok) keep(presented, answer.value);
    else if (expected !== "theft") expect(await row(), "S5: a failing request changes nothing").toEqual(before);
  };

  const keep = (presented: string, { access_token, refresh_token = "", scope }: TokenResponse): void => {
    expect(successors.get(presented) ?? refresh_token, "S1: at most one successor, ever").toBe(refresh_token);
    successors.set(presented, refresh_token);
    expect(world.keyring.read("refresh", new Sealed(refresh_token))?.generation, "S2: one head").toBe(model.head);
    const parsed = parseScope(scope);
    expect(parsed.ok && covers(consented, parsed.value), "S6: within the consent").toBe(true);
    if (!refreshTokens.includes(refresh_token)) refreshTokens.push(refresh_token);
    const { generation, issuedAt } = world.keyring.read("access", new Sealed(access_token))!;
    accessTokens.push({ token: access_token, generation, issuedAt });
  };

  for (const each of steps) {
    if (each.do === "wait") world.advance(each.seconds);
    if (each.do === "present") for (let time = 0; time < each.times; time++) await present(each);
    if (each.do === "use") {
      const used = newest(accessTokens, each.which);
      if (used !== undefined)
        expect(await isActive(used.token)).toBe(model.use(used.generation, used.issuedAt, world.now()));
    }
    if (each.do === "revoke") {
      model.revoke();
      expect((await revoke(request({ token: newest(refreshTokens, each.which)! }, "app"), world.deps)).ok).toBe(true);
    }
    if (model.isDead(world.now())) break;
  }
  if (!model.isDead(world.now())) return;
  for (const seconds of [0, 600]) {
    world.advance(seconds);
    for (const { token } of accessTokens) expect(await isActive(token), "S4: dead stays dead").toBe(false);
    await present({ do: "present", which: 0, key: undefined, scope: undefined, times: 1 });
  }
}

describe("S1 S2 S3 S4 S5 S6: the token family of a grant, under any sequence of steps", () => {
  test.each(presets)("%s does what the model of refresh-tokens.md A6 says", { timeout: 120_000 }, async (preset) => {
    const world = await makeWorld();
    await world.addApplication("app", { replay: policies[preset] });
    await world.addAccount("ann@app.example");
    await world.addResourceServer("rs_api");
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40, size: "max" }), (steps) =>
        play(world, preset, steps),
      ),
      { numRuns: 200 },
    );
  });
});

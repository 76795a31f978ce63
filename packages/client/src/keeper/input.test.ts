import { expect, test } from "vitest";
import { Sealed } from "@symbolon/protocol";
import type { AdoptOptions } from "./adopt.ts";
import type { FreshTokens } from "./provider.ts";
import { errorOf } from "./testing/errors.ts";
import { createStage } from "./testing/stage.ts";

const accessToken = new Sealed("at-9");

test.each<[field: string, tokens: unknown, options?: unknown]>([
  ["tokens", undefined],
  ["tokens", null],
  ["tokens", "at-9"],
  ["tokens.accessToken", {}],
  ["tokens.accessToken", { accessToken: "at-9" }],
  ["tokens.accessToken.reveal", { accessToken: {} }],
  ["tokens.refreshToken", { accessToken, refreshToken: "rt-9" }],
  ["tokens.refreshToken", { accessToken, refreshToken: null }],
  ["tokens.lifetimeSeconds", { accessToken, lifetimeSeconds: "3600" }],
  ["tokens.lifetimeSeconds", { accessToken, lifetimeSeconds: 0 }],
  ["tokens.lifetimeSeconds", { accessToken, lifetimeSeconds: NaN }],
  ["tokens.lifetimeSeconds", { accessToken, lifetimeSeconds: Infinity }],
  ["tokens.clockOffsetMs", { accessToken, clockOffsetMs: NaN }],
  ["tokens.scope", { accessToken, scope: "read write" }],
  ["tokens.scope.1", { accessToken, scope: ["read", 5] }],
  ["subject", { accessToken }, { subject: "" }],
  ["subject", { accessToken }, { subject: null }],
  ["subject", { accessToken }, { subject: 5 }],
  ["class", { accessToken }, { class: "strict" }],
  ["class.kind", { accessToken }, { class: { kind: "eager" } }],
  ["class.windowSeconds", { accessToken }, { class: { kind: "grace", windowSeconds: "30" } }],
  ["id", { accessToken }, { id: "" }],
  ["id", { accessToken }, { id: 5 }],
])("adopt names %s where it is wrong, and changes nothing", async (field, tokens, options = {}) => {
  const { place, process, provider } = createStage({ kind: "lazy" });
  const { keeper } = process();
  await keeper.adopt("1", provider.consent());
  const before = [...place.entries];
  const { id = "1", ...rest } = options as { id?: string };
  expect(await errorOf(keeper.adopt(id, tokens as FreshTokens, rest as AdoptOptions))).toMatchObject({
    code: "invalid_input",
    field,
  });
  expect([...place.entries]).toEqual(before);
});

test("a custom provider that answers NaN loses no grant", async () => {
  const { world, provider, process } = createStage({ kind: "lazy" });
  const { keeper } = process();
  await keeper.adopt("1", provider.consent());
  await world.pass(3_600_000);
  provider.faults.push({ kind: "unknown", code: "odd", retryAfterMs: NaN });
  const { refresh } = provider;
  provider.refresh = async (ask) => {
    const outcome = await refresh(ask);
    return outcome.kind === "tokens"
      ? { ...outcome, tokens: { ...outcome.tokens, lifetimeSeconds: NaN, clockOffsetMs: NaN } }
      : outcome;
  };
  expect(await world.run(errorOf(keeper.token("1")))).toMatchObject({
    code: "unavailable",
    retryAfterMs: expect.any(Number),
  });
  await world.pass(10_000);
  const kept = await world.run(keeper.token("1"));
  expect(provider.accepts(kept.accessToken)).toBe(true);
  expect((await process().keeper.token("1")).version).toBe(2);
});

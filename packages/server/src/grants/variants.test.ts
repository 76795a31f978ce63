import { describe, expect, test } from "vitest";
import { makeGrant, scopeOfWords } from "../../test/grant.ts";
import type { Variant } from "./grant.ts";
import { audiencesOf, coversAudiences, existedAt, findOrAddVariant, narrowGrant, scopeOf } from "./variants.ts";

const lifetimeSeconds = 600;
const whole: Variant = { scope: null, audiences: null, lifetimeSeconds };
const read = scopeOfWords("read");
const api = "https://api.example/";
const other = "https://other.example/";

describe("the variant of a narrowing", () => {
  const grant = makeGrant({ audiences: [api, other] });

  test.each([
    ["nothing", {}],
    ["the scope of the grant", { scope: grant.scope }],
    ["its scope in another order", { scope: scopeOfWords("write", "read") }],
    ["the audiences of the grant", { audiences: [other, api] }],
  ])("is the first where the request names %s", (_, narrowing) =>
    expect(findOrAddVariant(grant, { ...narrowing, lifetimeSeconds }, 1000)).toEqual({
      ok: true,
      value: { grant, variant: 0 },
    }),
  );

  test.each<[string, Partial<Variant>]>([
    ["scope", { scope: read }],
    ["audiences", { audiences: [api] }],
    ["lifetime", { lifetimeSeconds: 60 }],
  ])("is added once for another %s, with the time", (_, { scope, audiences, lifetimeSeconds: seconds }) => {
    const narrowing = {
      ...(scope ? { scope } : {}),
      ...(audiences ? { audiences } : {}),
      lifetimeSeconds: seconds ?? lifetimeSeconds,
    };
    const added = { scope: scope ?? null, audiences: audiences ?? null, lifetimeSeconds: narrowing.lifetimeSeconds };
    const larger = { ...grant, variants: [whole, { ...added, since: 1000 }] };
    expect(findOrAddVariant(grant, narrowing, 1000)).toEqual({ ok: true, value: { grant: larger, variant: 1 } });
    expect(findOrAddVariant(larger, narrowing, 1000)).toEqual({ ok: true, value: { grant: larger, variant: 1 } });
    expect(findOrAddVariant(larger, { lifetimeSeconds }, 1000)).toEqual({
      ok: true,
      value: { grant: larger, variant: 0 },
    });
  });

  test("differs between two narrower scopes", () => {
    const narrowed = { ...grant, variants: [whole, { ...whole, scope: scopeOfWords("write"), since: 5 }] };
    expect(findOrAddVariant(narrowed, { scope: read, lifetimeSeconds }, 1000)).toMatchObject({ value: { variant: 2 } });
    expect(findOrAddVariant(narrowed, { scope: scopeOfWords("write"), lifetimeSeconds }, 1000)).toMatchObject({
      value: { variant: 1 },
    });
  });

  test("of the whole grant is found behind a narrower one", () => {
    const variants = [{ ...whole, scope: read }, whole];
    expect(findOrAddVariant({ ...grant, variants }, { lifetimeSeconds }, 1000)).toMatchObject({
      value: { variant: 1 },
    });
  });

  test("begins again where the clock was set back before its beginning", () => {
    const narrow = { ...whole, scope: read };
    const grown = { ...grant, variants: [whole, { ...narrow, since: 2000 }] };
    expect(findOrAddVariant(grown, { scope: read, lifetimeSeconds }, 1000)).toEqual({
      ok: true,
      value: { grant: { ...grant, variants: [whole, { ...narrow, since: 1000 }] }, variant: 1 },
    });
    const first = { ...grant, variants: [{ ...narrow, since: 2000 }] };
    expect(findOrAddVariant(first, { scope: read, lifetimeSeconds }, 1000)).toEqual({
      ok: true,
      value: { grant: { ...grant, variants: [{ ...narrow, since: 1000 }] }, variant: 0 },
    });
  });

  test("is refused as the 257th, and found among 256", () => {
    const variants = Array.from({ length: 256 }, (_, index) => ({ ...whole, lifetimeSeconds: index + 1 }));
    const full = { ...grant, variants };
    expect(findOrAddVariant(full, { lifetimeSeconds: 300 }, 1000)).toEqual({ ok: false, reason: "variants_exhausted" });
    expect(findOrAddVariant(full, { lifetimeSeconds: 256 }, 1000)).toMatchObject({ value: { variant: 255 } });
    expect(findOrAddVariant({ ...full, variants: variants.slice(1) }, { lifetimeSeconds: 300 }, 1000)).toMatchObject({
      value: { variant: 255 },
    });
  });

  test("is refused beyond the grant", () => {
    const narrow = (narrowing: Partial<Parameters<typeof narrowGrant>[1]>) =>
      narrowGrant(grant, { lifetimeSeconds, ...narrowing }, 1000);
    expect(narrow({ scope: scopeOfWords("admin") })).toEqual({ ok: false, reason: "scope_wider_than_grant" });
    expect(narrow({ audiences: ["https://x.example/"] })).toEqual({ ok: false, reason: "resource_not_granted" });
    expect(narrow({ scope: read, audiences: [api] })).toMatchObject({ ok: true, value: { variant: 1 } });
    expect(narrow({})).toMatchObject({ ok: true, value: { variant: 0 } });
  });
});

test("a variant exists from its second on, and always if the grant began with it", () => {
  expect([999, 1000, 1001].map((at) => existedAt({ ...whole, since: 1000 }, at))).toEqual([false, true, true]);
  expect(existedAt(whole, 0)).toBe(true);
});

test("what a variant leaves out is that of the grant", () => {
  const grant = makeGrant({ audiences: [api] });
  expect([scopeOf(grant, whole), audiencesOf(grant, whole)]).toEqual([grant.scope, [api]]);
  const narrow = { ...whole, scope: read, audiences: [other] };
  expect([scopeOf(grant, narrow), audiencesOf(grant, narrow)]).toEqual([read, [other]]);
});

test("RFC 8707 §2.2: no audience covers every list, and no list covers it", () => {
  expect(coversAudiences([], [])).toBe(true);
  expect(coversAudiences([], [api])).toBe(true);
  expect(coversAudiences([api], [])).toBe(false);
  expect(coversAudiences([api, other], [other])).toBe(true);
  expect(coversAudiences([api], [api, other])).toBe(false);
});

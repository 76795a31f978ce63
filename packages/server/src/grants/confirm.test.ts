import { describe, expect, test } from "vitest";
import { makeGrant } from "../../test/grant.ts";
import { decideConfirm } from "./confirm.ts";
import type { Grant } from "./grant.ts";

const { id: grant } = makeGrant();
function using(row: Grant | undefined, generation = 5, now = 1100) {
  const pointer = { keyId: 1, grantId: grant, generation, issuedAt: 1000, variant: 0 };
  const { answer, write } = decideConfirm(row, pointer, { preset: "lazy" }, now);
  return { ...answer, write };
}

describe("A5: the use of an access token", () => {
  const writesNothing = (result: boolean) => ({ result, events: [], write: undefined });

  test("of an unknown grant is refused", () => expect(using(undefined)).toEqual(writesNothing(false)));
  test("that has expired is refused", () => expect(using(makeGrant(), 5, 1600)).toEqual(writesNothing(false)));
  test("writes nothing after the first", () =>
    expect(using(makeGrant({ confirmedAt: 1050 }))).toEqual(writesNothing(true)));
  test("is noted the first time", () =>
    expect(using(makeGrant({ replays: 2 }))).toEqual({
      result: true,
      events: [{ name: "refresh.delivered", grant, generation: 5 }],
      write: makeGrant({ replays: 2, confirmedAt: 1100 }),
    }));
  test("moves a row of an older backup to its generation (R-22)", () => {
    const offer = { redirectUri: "https://app.example/", expiresAt: 2000, failures: 0 };
    const row = makeGrant({ state: "offered", generation: 0, generationIssuedAt: 10, offer, replays: 2 });
    expect(using({ ...row, intent: Uint8Array.of(1) }, 6)).toEqual({
      result: true,
      events: [{ name: "grant.caught_up", grant, from: 0, to: 6 }],
      write: makeGrant({ generation: 6, generationIssuedAt: 1000, confirmedAt: 1100 }),
    });
  });
});

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { raceCodes } from "./codes.ts";
import { openField, type Field } from "./field.ts";
import { raceRefreshes } from "./refreshes.ts";
import { raceRevocations } from "./revocations.ts";

/** A tenth of what `npm run races -- --full` runs. */
const sizes = { codes: 1_000, tokens: 200, revocations: 10_000 };

let field: Field;
beforeAll(async () => {
  field = await openField();
});
afterAll(async () => {
  const faults = await field.close();
  if (faults.length > 0) throw new Error(`The servers were at fault: ${faults.join(", ")}`);
});

describe("R-10: two processes on one SQLite file", () => {
  test(`TK-02, I1, RFC 6749 §4.1.2: of ${sizes.codes} codes, each presented 20 times at once, each is redeemed exactly once, and the replay ends its grant`, async () => {
    expect(await raceCodes(field, sizes.codes, 20)).toMatchObject({ races: sizes.codes, violations: [] });
  }, 180_000);

  test(`TK-12, I2, S1, S2, RFC 9700 §4.14.2: of ${sizes.tokens} refresh tokens, each presented 50 times at once, each has one successor, no client is signed out, and reuse ends the grant`, async () => {
    expect(await raceRefreshes(field, sizes.tokens, 50)).toMatchObject({ races: sizes.tokens, violations: [] });
  }, 180_000);

  test(`TK-13, RV-01, I5, S4, RFC 7009 §2.1: of ${sizes.revocations} revocations racing two refreshes, none leaves an active token`, async () => {
    expect(await raceRevocations(field, sizes.revocations)).toMatchObject({ races: sizes.revocations, violations: [] });
  }, 300_000);
});

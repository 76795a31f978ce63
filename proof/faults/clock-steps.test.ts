import { describe, expect, test } from "vitest";
import { makeOwnWorld, tokensIn, type OwnWorld } from "./own-world.ts";

const [hour, day] = [3600, 86_400];
const steps: [string, number][] = [
  ["an hour on", hour],
  ["an hour back", -hour],
  ["a day on", day],
  ["a day back", -day],
  ["ten days back", -10 * day],
];

const isActive = async (world: OwnWorld, token: string): Promise<unknown> =>
  (await world.introspect(token)).json["active"];
const errorOf = async (asked: Promise<{ json: Record<string, unknown> }>): Promise<unknown> =>
  (await asked).json["error"];
const begin = async (world: OwnWorld) => tokensIn(await world.redeem(await world.offerCode()));

describe.each(steps)("R-19: the clock is set %s", (_, seconds) => {
  test("I6: revoked and spent tokens stay inactive, on that clock and after it is corrected", async () => {
    const world = await makeOwnWorld();
    const [revoked, reused] = [await begin(world), await begin(world)];
    await world.revoke(revoked.refresh_token);
    const second = tokensIn(await world.refresh(reused.refresh_token));
    tokensIn(await world.refresh(second.refresh_token));
    expect(await errorOf(world.refresh(reused.refresh_token))).toBe("invalid_grant");

    for (const correction of [seconds, -seconds]) {
      world.step(correction);
      for (const { access_token: access, refresh_token: refresh } of [revoked, reused, second]) {
        expect(await isActive(world, access)).toBe(false);
        expect(await errorOf(world.refresh(refresh))).toBe("invalid_grant");
      }
    }
  });

  test("I3, C-10: no user is signed out: the newest refresh token works, and so do its new tokens", async () => {
    const world = await makeOwnWorld();
    const first = await begin(world);
    world.step(seconds);
    const second = tokensIn(await world.refresh(first.refresh_token));
    expect(await isActive(world, second.access_token)).toBe(true);
    expect(second.expires_in).toBe(600);
    world.step(-seconds);
    const third = tokensIn(await world.refresh(second.refresh_token));
    expect(await isActive(world, third.access_token)).toBe(true);
  });

  test("redeems a new code once", async () => {
    const world = await makeOwnWorld();
    world.step(seconds);
    const code = await world.offerCode();
    tokensIn(await world.redeem(code));
    expect(await errorOf(world.redeem(code))).toBe("invalid_grant");
  });
});

describe("R-19: the clock is set back and corrected again", () => {
  test("I3: a client that connects or refreshes while the clock is back by more than the idle lifetime goes on after the correction", async () => {
    const world = await makeOwnWorld();
    const [first, code] = [await begin(world), await world.offerCode()];
    world.step(-40 * day);
    const redeemed = tokensIn(await world.redeem(code));
    const second = tokensIn(await world.refresh(first.refresh_token));
    const third = tokensIn(await world.refresh(second.refresh_token));
    world.step(40 * day);
    for (const { refresh_token: token } of [redeemed, third]) tokensIn(await world.refresh(token));
  });

  test("TK-15: the idle lifetime still ends a grant: thirty days after the last use nothing works", async () => {
    const world = await makeOwnWorld();
    const first = await begin(world);
    world.step(-40 * day);
    const second = tokensIn(await world.refresh(first.refresh_token));
    world.step(40 * day);
    world.run(30 * day);
    expect(await errorOf(world.refresh(second.refresh_token))).toBe("invalid_grant");
  });

  test("I6: an access token that expired and was refreshed since stays inactive", async () => {
    const world = await makeOwnWorld();
    const first = await begin(world);
    const second = tokensIn(await world.refresh(first.refresh_token));
    expect(await isActive(world, second.access_token)).toBe(true);
    world.run(601);
    expect(await isActive(world, first.access_token)).toBe(false);
    world.step(-601);
    expect(await isActive(world, first.access_token)).toBe(false);
  });

  test("an access token expires by the wall clock: not while it is frozen, and at once when it steps past the expiry", async () => {
    const world = await makeOwnWorld();
    const { access_token: token } = await begin(world);
    expect(await isActive(world, token)).toBe(true);
    world.step(599);
    expect(await isActive(world, token)).toBe(true);
    world.step(1);
    expect(await isActive(world, token)).toBe(false);
  });

  test("the settling time of lazy, after the clock is corrected, lasts at most once more", async () => {
    const world = await makeOwnWorld();
    const first = await begin(world);
    const second = tokensIn(await world.refresh(first.refresh_token));
    expect(await isActive(world, second.access_token)).toBe(true);
    world.step(-hour);
    expect(await errorOf(world.refresh(first.refresh_token))).toBe("invalid_grant");
    expect(await isActive(world, second.access_token)).toBe(true);
    world.step(hour + 11);
    expect(await errorOf(world.refresh(first.refresh_token))).toBe("invalid_grant");
    expect(await isActive(world, second.access_token)).toBe(false);
  });
});

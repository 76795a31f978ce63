import { describe, expect, test } from "vitest";
import { introspect } from "../../test/flows.ts";
import { key, presets, startFamily } from "../../test/token-family.ts";

const day = 86_400;

describe.each(presets)("TK-15: idle and absolute expiry, %s", (preset) => {
  test("the refresh token is accepted in the last second of its idle time and refused in the next", async () => {
    const [alive, dead] = [await startFamily(preset), await startFamily(preset)];
    alive.world.advance(30 * day - 1);
    dead.world.advance(30 * day);
    expect([(await alive.present(1)).status, (await dead.present(1)).status]).toEqual([200, 400]);
  });

  test("a rotation moves the idle end, but not the absolute end", async () => {
    const family = await startFamily(preset);
    const { expiresAt } = await family.row();
    for (let month = 0; month < 6; month++) {
      family.world.advance(29 * day);
      await family.rotate();
      expect((await family.row()).expiresAt).toBe(expiresAt);
    }
    expect((await family.row()).idleExpiresAt).toBe(expiresAt);
    family.world.advance(6 * day);
    expect((await family.present(7)).json().error).toBe("invalid_grant");
    expect(await family.stands()).toBe("expired");
  });

  test("a replay moves no end", async () => {
    const family = await startFamily(preset);
    await family.rotate({ refresh_intent: key });
    const { idleExpiresAt } = await family.row();
    family.world.advance(60);
    expect((await family.present(1, { refresh_intent: key })).status).toBe(200);
    expect((await family.row()).idleExpiresAt).toBe(idleExpiresAt);
  });

  test("access tokens expire no later than the grant, in the answer and in introspection", async () => {
    const family = await startFamily(preset);
    for (let month = 0; month < 6; month++) {
      family.world.advance(29 * day);
      await family.rotate();
    }
    family.world.advance(6 * day - 300);
    const last = await family.rotate();
    expect(last.expires_in).toBe(300);
    const { expiresAt } = await family.row();
    expect((await introspect(family.world, "rs_api", last.access_token)).json().exp).toBe(expiresAt);
    family.world.advance(299);
    expect(await family.use(8)).toBe(true);
    family.world.advance(1);
    expect(await family.use(8)).toBe(false);
  });

  test("an access token of an idle grant is inactive", async () => {
    const family = await startFamily(preset, { application: { accessTokenLifetimes: [60 * day] } });
    family.world.advance(30 * day - 1);
    expect(await family.use(1)).toBe(true);
    family.world.advance(1);
    expect(await family.use(1)).toBe(false);
  });
});

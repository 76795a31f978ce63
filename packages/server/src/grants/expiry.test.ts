import { describe, expect, test } from "vitest";
import { introspect } from "../../test/flows.ts";
import { key, presets, startLineage } from "../../test/lineage.ts";

const day = 86_400;

describe.each(presets)("TK-15: idle and absolute expiry, %s", (preset) => {
  test("the refresh token is good in the last second of its idle time and dead in the next", async () => {
    const [alive, dead] = [await startLineage(preset), await startLineage(preset)];
    alive.world.advance(30 * day - 1);
    dead.world.advance(30 * day);
    expect([(await alive.present(1)).status, (await dead.present(1)).status]).toEqual([200, 400]);
  });

  test("a rotation renews the idle end and never the absolute one", async () => {
    const line = await startLineage(preset);
    const { expiresAt } = await line.row();
    for (let month = 0; month < 6; month++) {
      line.world.advance(29 * day);
      await line.rotate();
      expect((await line.row()).expiresAt).toBe(expiresAt);
    }
    expect((await line.row()).idleExpiresAt).toBe(expiresAt);
    line.world.advance(6 * day);
    expect((await line.present(7)).json().error).toBe("invalid_grant");
    expect(await line.stands()).toBe("expired");
  });

  test("a replay renews nothing", async () => {
    const line = await startLineage(preset);
    await line.rotate({ refresh_intent: key });
    const { idleExpiresAt } = await line.row();
    line.world.advance(60);
    expect((await line.present(1, { refresh_intent: key })).status).toBe(200);
    expect((await line.row()).idleExpiresAt).toBe(idleExpiresAt);
  });

  test("the end of the grant caps its access tokens, in the answer and in introspection", async () => {
    const line = await startLineage(preset);
    for (let month = 0; month < 6; month++) {
      line.world.advance(29 * day);
      await line.rotate();
    }
    line.world.advance(6 * day - 300);
    const last = await line.rotate();
    expect(last.expires_in).toBe(300);
    const { expiresAt } = await line.row();
    expect((await introspect(line.world, "rs_api", last.access_token)).json().exp).toBe(expiresAt);
    line.world.advance(299);
    expect(await line.use(8)).toBe(true);
    line.world.advance(1);
    expect(await line.use(8)).toBe(false);
  });

  test("an access token of an idle grant is dead too", async () => {
    const line = await startLineage(preset, { application: { accessTokenLifetimes: [60 * day] } });
    line.world.advance(30 * day - 1);
    expect(await line.use(1)).toBe(true);
    line.world.advance(1);
    expect(await line.use(1)).toBe(false);
  });
});

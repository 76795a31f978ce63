import { beforeEach, describe, expect, test } from "vitest";
import { introspect, refresh, revoke } from "../../test/flows.ts";
import { startFamily, type Family } from "../../test/token-family.ts";

let family: Family;
beforeEach(async () => {
  family = await startFamily("window");
});

const isActive = async (): Promise<boolean> =>
  (await introspect(family.world, "rs_api", family.pair(1).access_token)).json().active;
const revokeAccess = () => revoke(family.world, "app", family.pair(1).access_token);

describe("S4, R-19: an acknowledged revocation of one access token holds, even if clocks disagree", () => {
  test("a token that is revoked where it has expired is inactive where it has not", async () => {
    family.world.advance(600);
    expect((await revokeAccess()).status).toBe(200);
    family.world.advance(-60);
    expect(await isActive()).toBe(false);
  });

  test("a token that is revoked where its grant has expired is inactive where the grant has not", async () => {
    const { idleExpiresAt } = await family.row();
    await family.restore({ ...(await family.row()), idleExpiresAt: family.world.now() });
    expect((await revokeAccess()).status).toBe(200);
    await family.restore({ ...(await family.row()), idleExpiresAt });
    expect(await isActive()).toBe(false);
  });

  test("sweeping by a clock a day ahead does not revive it for a clock a day behind", async () => {
    await revokeAccess();
    family.world.advance(2 * 86_400);
    await family.world.store.sweep(family.world.now(), 1000);
    family.world.advance(-2 * 86_400);
    expect(await isActive()).toBe(false);
  });

  test("ST-14: a token that is revoked while the clock is ten days ahead is inactive after it is corrected", async () => {
    family.world.advance(10 * 86_400);
    expect((await revokeAccess()).status).toBe(200);
    family.world.advance(-10 * 86_400);
    expect(await isActive()).toBe(false);
  });
});

describe("S4: an acknowledged revocation holds, even if a restored backup does not know the token", () => {
  test("a revoked token of a narrowing younger than the backup is inactive when the narrowing is requested again", async () => {
    const before = await family.row();
    const { access_token: narrowed, refresh_token: head } = (
      await refresh(family.world, "app", family.pair(1).refresh_token, { scope: "read" })
    ).json();
    await family.restore(before);
    expect((await revoke(family.world, "app", narrowed)).status).toBe(200);
    expect((await refresh(family.world, "app", head, { scope: "read" })).status).toBe(200);
    expect((await introspect(family.world, "rs_api", narrowed)).json()).toEqual({ active: false });
  });
});

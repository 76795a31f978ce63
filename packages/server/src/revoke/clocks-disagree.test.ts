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

describe("S4, R-19: an acknowledged revocation of one access token holds, whatever the clocks say", () => {
  test("revoked at a server whose clock has passed its end, it is dead at one whose clock has not", async () => {
    family.world.advance(600);
    expect((await revokeAccess()).status).toBe(200);
    family.world.advance(-60);
    expect(await isActive()).toBe(false);
  });

  test("revoked where its grant seems idle for too long, it is dead where the grant goes on", async () => {
    const { idleExpiresAt } = await family.row();
    await family.restore({ ...(await family.row()), idleExpiresAt: family.world.now() });
    expect((await revokeAccess()).status).toBe(200);
    await family.restore({ ...(await family.row()), idleExpiresAt });
    expect(await isActive()).toBe(false);
  });

  test("sweeping while one clock is a day ahead does not bring it back where another is a day behind", async () => {
    await revokeAccess();
    family.world.advance(2 * 86_400);
    await family.world.store.sweep(family.world.now(), 1000);
    family.world.advance(-2 * 86_400);
    expect(await isActive()).toBe(false);
  });

  test("what expired longer ago costs no row", async () => {
    family.world.advance(600 + 2 * 86_400);
    expect((await revokeAccess()).status).toBe(200);
    expect((await family.row()).hasRevokedTokens).toBe(false);
  });
});

describe("S4: an acknowledged revocation holds, although a restored backup does not know the token", () => {
  test("a narrowing younger than the backup, revoked, is dead when the narrowing is asked for again", async () => {
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

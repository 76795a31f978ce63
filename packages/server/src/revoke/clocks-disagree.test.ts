import { beforeEach, describe, expect, test } from "vitest";
import { introspect, refresh, revoke } from "../../test/flows.ts";
import { startLineage, type Lineage } from "../../test/lineage.ts";

let line: Lineage;
beforeEach(async () => {
  line = await startLineage("window");
});

const isActive = async (): Promise<boolean> =>
  (await introspect(line.world, "rs_api", line.pair(1).access_token)).json().active;
const revokeAccess = () => revoke(line.world, "app", line.pair(1).access_token);

describe("S4, R-19: an acknowledged revocation of one access token holds, whatever the clocks say", () => {
  test("revoked at a server whose clock has passed its end, it is dead at one whose clock has not", async () => {
    line.world.advance(600);
    expect((await revokeAccess()).status).toBe(200);
    line.world.advance(-60);
    expect(await isActive()).toBe(false);
  });

  test("revoked where its grant seems idle for too long, it is dead where the grant goes on", async () => {
    const { idleExpiresAt } = await line.row();
    await line.restore({ ...(await line.row()), idleExpiresAt: line.world.now() });
    expect((await revokeAccess()).status).toBe(200);
    await line.restore({ ...(await line.row()), idleExpiresAt });
    expect(await isActive()).toBe(false);
  });

  test("sweeping while one clock is a day ahead does not bring it back where another is a day behind", async () => {
    await revokeAccess();
    line.world.advance(2 * 86_400);
    await line.world.store.sweep(line.world.now(), 1000);
    line.world.advance(-2 * 86_400);
    expect(await isActive()).toBe(false);
  });

  test("what expired longer ago costs no row", async () => {
    line.world.advance(600 + 2 * 86_400);
    expect((await revokeAccess()).status).toBe(200);
    expect((await line.row()).hasRevokedTokens).toBe(false);
  });
});

describe("S4: an acknowledged revocation holds, although a restored backup does not know the token", () => {
  test("a narrowing younger than the backup, revoked, is dead when the narrowing is asked for again", async () => {
    const before = await line.row();
    const { access_token: narrowed, refresh_token: head } = (
      await refresh(line.world, "app", line.pair(1).refresh_token, { scope: "read" })
    ).json();
    await line.restore(before);
    expect((await revoke(line.world, "app", narrowed)).status).toBe(200);
    expect((await refresh(line.world, "app", head, { scope: "read" })).status).toBe(200);
    expect((await introspect(line.world, "rs_api", narrowed)).json()).toEqual({ active: false });
  });
});

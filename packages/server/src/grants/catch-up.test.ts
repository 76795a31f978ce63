import { describe, expect, test } from "vitest";
import { Sealed } from "@symbolon/protocol";
import { introspect } from "../../test/flows.ts";
import { presets, startFamily, type Family, type Preset } from "../../test/token-family.ts";

/** At generation 4; then a backup with generation 2 is restored. */
async function restored(preset: Preset): Promise<Family> {
  const family = await startFamily(preset);
  await family.rotate();
  const backup = await family.row();
  await family.rotate();
  await family.rotate();
  await family.restore(backup);
  expect((await family.row()).generation).toBe(2);
  return family;
}

describe("ST-07, S6: a narrowing that a restored backup does not know", () => {
  const scopeOf = async (family: Family, generation: number) =>
    (await introspect(family.world, "rs_api", family.pair(generation).access_token)).json()["scope"] as unknown;

  test("its token stays inactive after its number is used by another narrowing", async () => {
    const family = await startFamily("window");
    const backup = await family.row();
    await family.rotate({ scope: "read" });
    expect(await scopeOf(family, 2)).toBe("read");
    await family.restore(backup);
    family.world.advance(1);
    await family.rotate({ scope: "write" });
    expect(family.world.keyring.read("access", new Sealed(family.pair(2).access_token))!.variant).toBe(
      family.world.keyring.read("access", new Sealed(family.pair(3).access_token))!.variant,
    );
    expect([await family.use(2), await scopeOf(family, 2)]).toEqual([false, undefined]);
    expect(await scopeOf(family, 3)).toBe("write");
  });

  test("R-19: a known narrowing can be used after the clock was set back", async () => {
    const family = await startFamily("window");
    await family.rotate({ scope: "read" });
    family.world.advance(-3600);
    await family.rotate({ scope: "read" });
    expect(await scopeOf(family, 3)).toBe("read");
  });

  test("TK-11: a replay with a new narrowing returns an active access token", async () => {
    const family = await startFamily("lazy");
    await family.rotate();
    family.world.advance(30);
    const again = (await family.present(1, { scope: "read" })).json() as unknown as {
      access_token: string;
      scope: string;
    };
    expect(again.scope).toBe("read");
    expect((await introspect(family.world, "rs_api", again.access_token)).json()).toMatchObject({
      active: true,
      scope: "read",
    });
  });
});

describe.each(presets)("A7: a database restored from an older backup, %s", (preset) => {
  test("a refresh token from after the backup is accepted, and the row catches up", async () => {
    const family = await restored(preset);
    const { answer, events } = await family.during(() => family.present(4));
    expect(answer.status).toBe(200);
    expect(events).toEqual(["grant.caught_up", "refresh.rotated"]);
    expect(family.world.events.find(({ name }) => name === "grant.caught_up")).toEqual({
      name: "grant.caught_up",
      grant: family.grant,
      from: 2,
      to: 4,
    });
    expect(await family.stands()).toBe(preset === "strict" ? "settled(5)" : "overlap(5)");
  });

  test("an access token from after the backup is active, and the row catches up", async () => {
    const family = await restored(preset);
    expect(await family.during(() => family.use(4))).toEqual({ answer: true, events: ["grant.caught_up"] });
    expect((await family.row()).generation).toBe(4);
    expect(await family.during(() => family.use(4))).toEqual({ answer: true, events: [] });
    expect((await family.present(4)).status).toBe(200);
  });

  test("a client that lost the answer of the catch-up keeps its grant", async () => {
    const family = await restored(preset);
    const served = await family.present(4, { refresh_intent: "written-before-it-was-sent" });
    const again = await family.present(4, { refresh_intent: "written-before-it-was-sent" });
    expect(again.json().refresh_token).toBe(served.json().refresh_token);
  });

  test("a token from before the backup is judged by the restored row", async () => {
    const family = await restored(preset);
    expect((await family.present(4)).status).toBe(200);
    expect((await family.present(2)).status).toBe(400);
    expect(await family.stands()).toBe("revoked(refresh_token_reuse)");
  });

  test.each(["refresh", "use"] as const)(
    "a backup from before the code was redeemed catches up too, on the first %s",
    async (how) => {
      const family = await startFamily(preset);
      const row = await family.row();
      await family.restore({
        ...row,
        state: "offered",
        generation: 0,
        confirmedAt: null,
        offer: { redirectUri: "https://app.example/cb", expiresAt: family.world.now() + 60, failures: 0 },
      });
      if (how === "refresh") expect((await family.present(1)).status).toBe(200);
      else expect(await family.use(1)).toBe(true);
      expect(await family.row()).toMatchObject({ state: "active", offer: null, generation: how === "refresh" ? 2 : 1 });
    },
  );

  test("a refused request does not catch up", async () => {
    const family = await restored(preset);
    const before = await family.row();
    await family.present(4, { scope: "admin" });
    await family.present(4, {}, "other");
    expect(await family.row()).toEqual(before);
  });
});

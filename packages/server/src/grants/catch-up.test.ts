import { describe, expect, test } from "vitest";
import { Sealed } from "@symbolon/protocol";
import { introspect } from "../../test/flows.ts";
import { presets, startLineage, type Lineage, type Preset } from "../../test/lineage.ts";

/** At generation 4, and then the row of generation 2 came back from a backup. */
async function restored(preset: Preset): Promise<Lineage> {
  const line = await startLineage(preset);
  await line.rotate();
  const backup = await line.row();
  await line.rotate();
  await line.rotate();
  await line.restore(backup);
  expect((await line.row()).generation).toBe(2);
  return line;
}

describe("ST-07, S6: a narrowing that was lost with the newer database", () => {
  const scopeOf = async (line: Lineage, generation: number) =>
    (await introspect(line.world, "rs_api", line.pair(generation).access_token)).json()["scope"] as unknown;

  test("does not lend its number to the next one: its token is inactive, and that of the next is what it was issued as", async () => {
    const line = await startLineage("window");
    const backup = await line.row();
    await line.rotate({ scope: "read" });
    expect(await scopeOf(line, 2)).toBe("read");
    await line.restore(backup);
    line.world.advance(1);
    await line.rotate({ scope: "write" });
    expect(line.world.keyring.read("access", new Sealed(line.pair(2).access_token))!.variant).toBe(
      line.world.keyring.read("access", new Sealed(line.pair(3).access_token))!.variant,
    );
    expect([await line.use(2), await scopeOf(line, 2)]).toEqual([false, undefined]);
    expect(await scopeOf(line, 3)).toBe("write");
  });

  test("R-19: a narrowing that is known is good on a clock that was set back since", async () => {
    const line = await startLineage("window");
    await line.rotate({ scope: "read" });
    line.world.advance(-3600);
    await line.rotate({ scope: "read" });
    expect(await scopeOf(line, 3)).toBe("read");
  });

  test("TK-11: a lost answer asked for again under a narrowing that is new brings a token that is good", async () => {
    const line = await startLineage("lazy");
    await line.rotate();
    line.world.advance(30);
    const again = (await line.present(1, { scope: "read" })).json() as unknown as {
      access_token: string;
      scope: string;
    };
    expect(again.scope).toBe("read");
    expect((await introspect(line.world, "rs_api", again.access_token)).json()).toMatchObject({
      active: true,
      scope: "read",
    });
  });
});

describe.each(presets)("A7: a database restored from an older backup, %s", (preset) => {
  test("a refresh token from after the backup is served, and the row catches up", async () => {
    const line = await restored(preset);
    const { answer, events } = await line.during(() => line.present(4));
    expect(answer.status).toBe(200);
    expect(events).toEqual(["grant.caught_up", "refresh.rotated"]);
    expect(line.world.events.find(({ name }) => name === "grant.caught_up")).toEqual({
      name: "grant.caught_up",
      grant: line.grant,
      from: 2,
      to: 4,
    });
    expect(await line.stands()).toBe(preset === "strict" ? "settled(5)" : "overlap(5)");
  });

  test("an access token from after the backup is good, and the row catches up", async () => {
    const line = await restored(preset);
    expect(await line.during(() => line.use(4))).toEqual({ answer: true, events: ["grant.caught_up"] });
    expect((await line.row()).generation).toBe(4);
    expect(await line.during(() => line.use(4))).toEqual({ answer: true, events: [] });
    expect((await line.present(4)).status).toBe(200);
  });

  test("the client that never got the answer of the caught-up turn is not signed out", async () => {
    const line = await restored(preset);
    const served = await line.present(4, { refresh_intent: "written-before-it-was-sent" });
    const again = await line.present(4, { refresh_intent: "written-before-it-was-sent" });
    expect(again.json().refresh_token).toBe(served.json().refresh_token);
  });

  test("what came before the backup is judged by the row as it stands", async () => {
    const line = await restored(preset);
    expect((await line.present(4)).status).toBe(200);
    expect((await line.present(2)).status).toBe(400);
    expect(await line.stands()).toBe("revoked(refresh_token_reuse)");
  });

  test.each(["refresh", "use"] as const)(
    "a backup from before the code was redeemed catches up too, on the first %s",
    async (how) => {
      const line = await startLineage(preset);
      const row = await line.row();
      await line.restore({
        ...row,
        state: "offered",
        generation: 0,
        confirmedAt: null,
        offer: { redirectUri: "https://app.example/cb", expiresAt: line.world.now() + 60, failures: 0 },
      });
      if (how === "refresh") expect((await line.present(1)).status).toBe(200);
      else expect(await line.use(1)).toBe(true);
      expect(await line.row()).toMatchObject({ state: "active", offer: null, generation: how === "refresh" ? 2 : 1 });
    },
  );

  test("a failing request catches nothing up", async () => {
    const line = await restored(preset);
    const before = await line.row();
    await line.present(4, { scope: "admin" });
    await line.present(4, {}, "other");
    expect(await line.row()).toEqual(before);
  });
});

import { describe, expect, test } from "vitest";
import { introspect, obtainCode, redeem, refresh, revoke, tokenInfo } from "../../test/flows.ts";
import { presets, startFamily } from "../../test/token-family.ts";

const steps = [300, -300, 60, -60, 1, -1];

describe("OP-11: a clock that steps by up to five minutes", () => {
  test.each(steps)(
    "by %d s: what was issued before the step stays good, and so does what comes after",
    async (step) => {
      const family = await startFamily("lazy");
      family.world.advance(step);
      expect(await family.use(1)).toBe(true);
      const second = await family.rotate();
      family.world.advance(-step);
      expect((await tokenInfo(family.world, second.access_token)).status).toBe(200);
      expect((await family.rotate()).refresh_token).not.toBe(second.refresh_token);
    },
  );

  test.each(presets)("%s: a successor that was lost across a clock step is replayed, byte for byte", async (preset) => {
    for (const step of steps) {
      const family = await startFamily(preset);
      const second = await family.rotate({ refresh_intent: "intent-key-one-0123456789" });
      family.world.advance(step < 0 ? step : Math.min(step, 60));
      expect((await family.present(1, { refresh_intent: "intent-key-one-0123456789" })).json().refresh_token).toBe(
        second.refresh_token,
      );
    }
  });

  test("a step over the end expires the grant, and a step back does not revive a revoked grant", async () => {
    const family = await startFamily("lazy");
    const second = await family.rotate();
    await revoke(family.world, "app", second.refresh_token);
    for (const step of [300, -600, -86_400]) {
      family.world.advance(step);
      for (const { access_token, refresh_token } of [family.pair(1), second]) {
        expect((await introspect(family.world, "rs_api", access_token)).json()).toEqual({ active: false });
        expect((await refresh(family.world, "app", refresh_token)).json().error).toBe("invalid_grant");
      }
    }
  });

  test("a code that was issued by a clock a minute ahead is accepted, and expires by either clock", async () => {
    const family = await startFamily("lazy");
    const ahead = await obtainCode(family.world, "app", "ann@app.example", { prompt: "consent" });
    family.world.advance(-60);
    expect((await redeem(family.world, "app", ahead)).status).toBe(200);
    const late = await obtainCode(family.world, "app", "ann@app.example", { prompt: "consent" });
    family.world.advance(60);
    expect((await redeem(family.world, "app", late)).json().error).toBe("invalid_grant");
  });

  test("a leap second does not move an expiry", async () => {
    const family = await startFamily("lazy");
    family.world.advance(599);
    expect(await family.use(1)).toBe(true);
    family.world.advance(1);
    expect(await family.use(1)).toBe(false);
    family.world.advance(-1);
    expect(await family.use(1)).toBe(true);
  });
});

import { describe, expect, test } from "vitest";
import { introspect, obtainCode, redeem, refresh, revoke, tokenInfo } from "../../test/flows.ts";
import { presets, startLineage } from "../../test/lineage.ts";

const steps = [300, -300, 60, -60, 1, -1];

describe("OP-11: a clock that steps by up to five minutes", () => {
  test.each(steps)(
    "by %d s: what was issued before the step stays good, and so does what comes after",
    async (step) => {
      const line = await startLineage("lazy");
      line.world.advance(step);
      expect(await line.use(1)).toBe(true);
      const second = await line.rotate();
      line.world.advance(-step);
      expect((await tokenInfo(line.world, second.access_token)).status).toBe(200);
      expect((await line.rotate()).refresh_token).not.toBe(second.refresh_token);
    },
  );

  test.each(presets)("%s: a successor that was lost across a step is given again, byte for byte", async (preset) => {
    for (const step of steps) {
      const line = await startLineage(preset);
      const second = await line.rotate({ refresh_intent: "intent-key-one-0123456789" });
      line.world.advance(step < 0 ? step : Math.min(step, 60));
      expect((await line.present(1, { refresh_intent: "intent-key-one-0123456789" })).json().refresh_token).toBe(
        second.refresh_token,
      );
    }
  });

  test("forward over an end it ends, and stepping back revives nothing that was revoked", async () => {
    const line = await startLineage("lazy");
    const second = await line.rotate();
    await revoke(line.world, "app", second.refresh_token);
    for (const step of [300, -600, -86_400]) {
      line.world.advance(step);
      for (const { access_token, refresh_token } of [line.pair(1), second]) {
        expect((await introspect(line.world, "rs_api", access_token)).json()).toEqual({ active: false });
        expect((await refresh(line.world, "app", refresh_token)).json().error).toBe("invalid_grant");
      }
    }
  });

  test("a code of a clock that is ahead by a minute is good, and dead when its minute is over by either clock", async () => {
    const line = await startLineage("lazy");
    const ahead = await obtainCode(line.world, "app", "ann@app.example", { prompt: "consent" });
    line.world.advance(-60);
    expect((await redeem(line.world, "app", ahead)).status).toBe(200);
    const late = await obtainCode(line.world, "app", "ann@app.example", { prompt: "consent" });
    line.world.advance(60);
    expect((await redeem(line.world, "app", late)).json().error).toBe("invalid_grant");
  });

  test("a leap second is one second: what expires then, expires then", async () => {
    const line = await startLineage("lazy");
    line.world.advance(599);
    expect(await line.use(1)).toBe(true);
    line.world.advance(1);
    expect(await line.use(1)).toBe(false);
    line.world.advance(-1);
    expect(await line.use(1)).toBe(true);
  });
});

import fc from "fast-check";
import { GrantModel, SoloServer, type Preset } from "@symbolon/testing";
import { describe, test } from "vitest";
import {
  authorize,
  backUp,
  crashWhileRefreshing,
  lives,
  redeem,
  refresh,
  restore,
  revokeAccess,
  revokeRefresh,
  rotateKey,
  rotateSecret,
  setClock,
  use,
  wait,
  type GrantCommand,
  type Reality,
  type Sketch,
} from "./grant-commands.ts";

/** Mostly the newest tokens, for which the rules differ most. */
const back = fc.oneof({ weight: 6, arbitrary: fc.integer({ min: 0, max: 1 }) }, { weight: 1, arbitrary: fc.nat(9) });
const intent = fc.constantFrom(undefined, undefined, "intent-key-one-0123456789", "intent-key-two-0123456789");
const scope = fc.constantFrom(undefined, undefined, undefined, "read", "write", "admin");
const fault = fc.record({
  nth: fc.integer({ min: 1, max: 5 }),
  when: fc.constantFrom("before" as const, "after" as const),
});

const refreshing = fc.tuple(back, intent, scope, fc.boolean()).map((given) => refresh(...given));
const using = back.map(use);
const waiting = fc.constantFrom(0, 1, 9, 10, 59, 60, 119, 120, 600, 1799, 1800).map(wait);
const steppingClock = fc.constantFrom(-3600, -1800, -60, 60, 3600).map(setClock);

/** Each command as often as it should be likely. */
const anyCommand: fc.Arbitrary<GrantCommand>[] = [
  refreshing,
  refreshing,
  refreshing,
  using,
  using,
  waiting,
  waiting,
  fc.tuple(back, fault).map(([which, what]) => crashWhileRefreshing(which, what)),
  fc.constantFrom(true, true, true, false).map(redeem),
  back.map(revokeAccess),
  back.map(revokeRefresh),
  steppingClock,
  fc.constant(authorize()),
  fc.constant(backUp()),
  fc.constant(restore()),
  fc.constant(rotateSecret()),
  fc.constant(rotateKey()),
];

async function setStage(preset: Preset): Promise<{ model: Sketch; real: Reality }> {
  const server = await SoloServer.open();
  const { id, code } = await server.obtainCode(preset);
  const now = server.clock.now();
  const { expiresAt } = (await server.row(id))!;
  const grant = new GrantModel(preset, now, { ...lives, endsAt: expiresAt });
  return {
    model: { grant, saved: undefined, dead: new Set(), wasRestored: false, preset },
    real: {
      server,
      id,
      code,
      backup: undefined,
      secrets: ["sym_cs_for-simulations-only"],
      refreshTokens: [],
      accessTokens: [],
    },
  };
}

describe("S1 S2 S3 S4 S5 S6 S7 S8: one grant from its code to its end, under any sequence of commands", () => {
  test.each<Preset>(["lazy", "window", "strict"])("%s behaves as the model", { timeout: 240_000 }, async (preset) => {
    const played = async (commands: Iterable<GrantCommand>): Promise<void> => {
      const stage = await setStage(preset);
      await fc.asyncModelRun(() => stage, [redeem(true), ...commands]);
    };
    await fc.assert(fc.asyncProperty(fc.commands(anyCommand, { maxCommands: 40, size: "max" }), played), {
      numRuns: 400,
    });
  });

  test.each<Preset>(["lazy", "window", "strict"])(
    "%s, when the code is not redeemed first",
    { timeout: 120_000 },
    async (preset) => {
      const played = async (commands: Iterable<GrantCommand>): Promise<void> =>
        fc.asyncModelRun(() => setStage(preset), commands);
      await fc.assert(
        fc.asyncProperty(
          fc.commands(
            [
              fc.boolean().map(redeem),
              waiting,
              steppingClock,
              refreshing,
              fc.constant(backUp()),
              fc.constant(restore()),
            ],
            { maxCommands: 20 },
          ),
          played,
        ),
        { numRuns: 200 },
      );
    },
  );
});

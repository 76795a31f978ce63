import { expect, test } from "vitest";
import { crashLoop } from "./crash-loop.ts";

const kills = 200;
const seed = 20261122;

test(`R-01, I1, I2, I3, I4, I5, I6: a server under load, killed ${kills} times and restarted on its data, keeps everything that it acknowledged (seed ${seed})`, async () => {
  const { violations, steps, ...rest } = await crashLoop({ kills, seed });
  expect(violations).toEqual([]);
  expect(rest.kills).toBe(kills);
  const asked = [
    "redeem tokens",
    "refresh tokens",
    "refresh unknown",
    "redeem unknown",
    "revoke done",
    "revoke unknown",
    "introspect verdict",
    "look row",
  ];
  expect(
    asked.filter((name) => (steps[name] ?? 0) === 0),
    "what never happened was not tried",
  ).toEqual([]);
}, 600_000);

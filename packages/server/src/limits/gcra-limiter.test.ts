import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { gcraLimiter, standardLimits, type Limit } from "./gcra-limiter.ts";
import type { LimitKind } from "./limiter.ts";

/** A limiter and its clock. */
function limited(limit: Limit) {
  let nowMs = 5_000_000;
  const limits = {
    token_requests: limit,
    client_failures: limit,
    sign_in_failures: limit,
    sign_in_failures_from_range: limit,
    sign_in_failures_from_network: limit,
    sign_in_failures_of_device: limit,
    sign_in_failures_of_range: limit,
    sign_in_failures_of_network: limit,
    forged_tokens: limit,
    page_requests: limit,
    management_requests: limit,
    management_failures: limit,
  } satisfies Record<LimitKind, Limit>;
  const limiter = gcraLimiter(limits, { epochMs: () => 0, monotonicMs: () => nowMs });
  return {
    limiter,
    take: (key = "app") => limiter.take("token_requests", key),
    peek: (key = "app") => limiter.peek("token_requests", key),
    wait: (ms: number) => {
      nowMs += ms;
    },
  };
}

describe("RFC 6585 §4: the limiter", () => {
  test("allows a burst, then one request in each period", () => {
    const { take, wait } = limited({ burst: 3, periodMs: 1000 });
    expect([take(), take(), take(), take()]).toEqual([0, 0, 0, 1]);
    wait(999);
    expect(take()).toBe(1);
    wait(1);
    expect([take(), take()]).toEqual([0, 1]);
  });

  test("allows a full burst again after as many periods, and never more", () => {
    const { take, wait } = limited({ burst: 2, periodMs: 1000 });
    take();
    wait(1_000_000);
    expect([take(), take(), take()]).toEqual([0, 0, 1]);
  });

  test("does not count refused requests: the wait that it returns is sufficient", () => {
    const { take, wait } = limited({ burst: 1, periodMs: 2500 });
    take();
    for (let count = 0; count < 100; count++) expect(take()).toBe(3);
    wait(3000);
    expect(take()).toBe(0);
  });

  test("peek does not count", () => {
    const { take, peek } = limited({ burst: 1, periodMs: 1000 });
    expect([peek(), peek(), take(), peek(), peek()]).toEqual([0, 0, 0, 1, 1]);
  });

  test("counts each key and kind separately", () => {
    const { limiter, take } = limited({ burst: 1, periodMs: 1000 });
    expect([take("a"), take("b"), take("a"), limiter.take("client_failures", "a")]).toEqual([0, 0, 1, 0]);
    expect(limiter.peek("client_failures", "")).toBe(0);
  });

  test("bounds its memory, and drops keys that were not used lately", () => {
    const { take, peek } = limited({ burst: 2, periodMs: 1_000_000_000 });
    for (const key of ["busy", "quiet", "quiet", "busy"]) take(key);
    for (let count = 0; count < 200_000; count++) {
      take(`flood ${count}`);
      if (count === 20_000) expect(peek("quiet")).toBeGreaterThan(0);
      if (count % 10_000 === 0) expect(peek("busy")).toBeGreaterThan(0);
    }
    expect(peek("quiet")).toBe(0);
  });

  test.each([
    [1_000, 64_000],
    [100_000, 100],
    [200_000, 0],
  ])("OP-15: %i keys of %i characters take no more than its bound of 8 MiB", (keys, length) => {
    const { take } = limited({ burst: 2, periodMs: 1_000_000_000 });
    const tail = "x".repeat(length);
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    collect();
    const before = process.memoryUsage();
    for (let count = 0; count < keys; count++) take(`${count} ${tail}`);
    collect();
    const after = process.memoryUsage();
    expect(after.heapUsed + after.external - before.heapUsed - before.external).toBeLessThan(9 * 2 ** 20);
  });

  test("HT-15: counts long keys apart, and together with themselves", () => {
    const { take } = limited({ burst: 1, periodMs: 1_000_000 });
    const tail = "x".repeat(20_000);
    expect([take(`a${tail}`), take(`b${tail}`)]).toEqual([0, 0]);
    expect([take(`a${tail}`), take(`b${tail}`)]).toEqual([1000, 1000]);
  });

  test("allows at most a burst plus one per period in any interval", () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 2000 }),
        fc.array(fc.nat(3000), { maxLength: 60 }),
        (burst, periodMs, pauses) => {
          const { take, wait } = limited({ burst, periodMs });
          let at = 0;
          const passed: number[] = [];
          for (const pause of pauses) {
            wait(pause);
            at += pause;
            if (take() === 0) passed.push(at);
          }
          for (let from = 0; from < passed.length; from++)
            for (let to = from; to < passed.length; to++)
              expect(to - from + 1).toBeLessThanOrEqual(burst + Math.floor((passed[to]! - passed[from]!) / periodMs));
        },
      ),
    ));
});

describe("the limits of a server", () => {
  test.each([
    [1, 1, 60_000],
    [60, 15, 1000],
    [1000, 250, 60],
  ])("%i token requests a minute: %i at once, then one in %i ms", (perMinute, burst, periodMs) =>
    expect(standardLimits(perMinute).token_requests).toEqual({ burst, periodMs }),
  );

  test("OP-03: limits an account sooner for one network than for all", () => {
    const { sign_in_failures, sign_in_failures_from_network } = standardLimits(60);
    expect(sign_in_failures_from_network.burst).toBeLessThan(sign_in_failures.burst);
  });
});

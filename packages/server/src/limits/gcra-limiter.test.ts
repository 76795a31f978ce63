import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { gcraLimiter, standardLimits, type Limit } from "./gcra-limiter.ts";
import type { LimitKind } from "./limiter.ts";

/** A limiter and the clock that it looks at. */
function limited(limit: Limit) {
  let nowMs = 5_000_000;
  const limits = {
    token_requests: limit,
    client_failures: limit,
    sign_in_failures: limit,
    sign_in_failures_here: limit,
    forged_tokens: limit,
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
  test("lets a burst through, and then one in each period", () => {
    const { take, wait } = limited({ burst: 3, periodMs: 1000 });
    expect([take(), take(), take(), take()]).toEqual([0, 0, 0, 1]);
    wait(999);
    expect(take()).toBe(1);
    wait(1);
    expect([take(), take()]).toEqual([0, 1]);
  });

  test("a burst comes back after as many periods, and never more than a burst", () => {
    const { take, wait } = limited({ burst: 2, periodMs: 1000 });
    take();
    wait(1_000_000);
    expect([take(), take(), take()]).toEqual([0, 0, 1]);
  });

  test("what is refused is not counted: waiting as long as it says is enough", () => {
    const { take, wait } = limited({ burst: 1, periodMs: 2500 });
    take();
    for (let count = 0; count < 100; count++) expect(take()).toBe(3);
    wait(3000);
    expect(take()).toBe(0);
  });

  test("asking does not count", () => {
    const { take, peek } = limited({ burst: 1, periodMs: 1000 });
    expect([peek(), peek(), take(), peek(), peek()]).toEqual([0, 0, 0, 1, 1]);
  });

  test("keys and kinds do not share", () => {
    const { limiter, take } = limited({ burst: 1, periodMs: 1000 });
    expect([take("a"), take("b"), take("a"), limiter.take("client_failures", "a")]).toEqual([0, 0, 1, 0]);
    expect(limiter.peek("client_failures", "")).toBe(0);
  });

  test("memory is bounded; the keys that were quiet longest are forgotten first", () => {
    const { take, peek } = limited({ burst: 2, periodMs: 1_000_000_000 });
    for (const key of ["busy", "quiet", "quiet", "busy"]) take(key);
    for (let count = 0; count < 49_998; count++) take(`flood ${count}`);
    expect([peek("busy") > 0, peek("quiet") > 0]).toEqual([true, true]);
    take("one more");
    expect([peek("busy") > 0, peek("quiet") > 0]).toEqual([true, false]);
  });

  test("in any stretch of time, at most a burst and one per period pass", () =>
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

  test("OP-03: an account is shut sooner to one network than to all", () => {
    const { sign_in_failures, sign_in_failures_here } = standardLimits(60);
    expect(sign_in_failures_here.burst).toBeLessThan(sign_in_failures.burst);
  });
});

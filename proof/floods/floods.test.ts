import { describe, expect, test } from "vitest";
import { describeReport, runFlood, type Flood } from "./flood.ts";
import { keepAlive } from "./keep-alive.ts";
import { longIds } from "./long-ids.ts";
import { signIns } from "./sign-ins.ts";
import { silentConsents } from "./silent-consents.ts";
import { wrongSecrets } from "./wrong-secrets.ts";

/** A tenth of what `npm run floods` runs. Counts decide, times are only printed. */
async function flooded(flood: Flood) {
  const report = await runFlood(flood, 0.1);
  console.log(describeReport(report));
  for (const felt of [...report.calm, ...report.flooded]) expect(felt).toMatchObject({ served: felt.sent });
  return report;
}

describe("good clients are served during a flood", () => {
  test("HT-15: of unique identifiers of 20,000 characters", async () => {
    const { outcomes, steps } = await flooded(longIds);
    const { "200": batches, "400": malformed, "401": unknown } = outcomes;
    expect([batches, malformed! + unknown!]).toEqual([steps / 8, (steps * 7) / 8]);
  }, 120_000);

  test("HT-16: of keep-alive connections of one address, of which 1,024 stay open", async () => {
    const { outcomes } = await flooded(keepAlive);
    expect(outcomes["left open"]).toBeLessThanOrEqual(1_024);
  }, 120_000);

  test("OP-13: of wrong secrets for their own client ids", async () => {
    const { outcomes, steps } = await flooded(wrongSecrets);
    expect(outcomes["200"]).toBeUndefined();
    expect(outcomes["401"]! + outcomes["429"]!).toBe(steps);
    expect(outcomes["401"]).toBeLessThan(outcomes["429"]!);
  }, 120_000);

  test("OP-14: of sign-ins with made-up addresses, and of guesses from one /48", async () => {
    const { outcomes, steps } = await flooded(signIns);
    expect(outcomes["303"]).toBeUndefined();
    expect(outcomes["400"]! + outcomes["429"]!).toBe(steps);
  }, 180_000);

  test("OP-16: of requests with prompt=none from one signed-in browser, which leave at most 32 rows", async () => {
    const { outcomes, steps } = await flooded(silentConsents);
    expect(outcomes["code"]).toBe(steps);
    expect(outcomes["row left"]).toBeLessThanOrEqual(32);
  }, 120_000);
});

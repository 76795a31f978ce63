import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { keeperTrials } from "./keeper-trials.ts";
import { tableOf, withTable } from "./table.ts";
import { scenarios } from "./trial.ts";

describe("refresh-tokens.md B12: the trials of the keeper", () => {
  const posts = {
    concurrent: 1,
    two_objects: 1,
    second_expiry: 2,
    lost_answer: undefined,
    slow_store: 1,
    network_error: 1,
    omitted: 2,
  };

  test.each(keeperTrials.filter(({ inevitable }) => inevitable !== true))(
    "$scenario: $subject",
    async ({ scenario, run }) => {
      const report = await run();
      expect(report.kept, report.outcome).toBe(true);
      if (posts[scenario] !== undefined) expect(report.posts).toBe(posts[scenario]);
    },
  );

  test("a lost response is requested again only where a retry is safe or the access token has expired, and at most once", async () => {
    const [living, over, intent] = keeperTrials.filter(({ scenario }) => scenario === "lost_answer");
    expect((await living!.run()).posts).toBe(1);
    // The lost request, one retry, and one request that confirms the refusal (B8).
    expect(await over!.run()).toMatchObject({
      posts: 3,
      kept: false,
      outcome: expect.stringMatching(/^callers get unavailable, then suspect, then ended; family dead/),
    });
    expect((await intent!.run()).posts).toBe(2);
  });
});

describe("the table", () => {
  const report = { posts: 1, outcome: "all served", kept: true };

  test("groups rows by scenario and names each scenario once", () => {
    const rows = [
      { scenario: "two_objects" as const, subject: "b", version: "2.0.0", report },
      { scenario: "concurrent" as const, subject: "a", version: "1.0.0", report },
      { scenario: "concurrent" as const, subject: "**keeper**", version: "", report },
    ];
    expect(tableOf(rows).split("\n").slice(2)).toEqual([
      `| ${scenarios.concurrent} | a 1.0.0 | 1 | all served |`,
      "|  | **keeper** | 1 | all served |",
      `| ${scenarios.two_objects} | b 2.0.0 | 1 | all served |`,
    ]);
  });

  test("replaces only the part between the two comments", () => {
    const page = readFileSync(join(import.meta.dirname, "../../docs/trials.md"), "utf8");
    const written = withTable(page, "| x |");
    expect(written).toContain("-->\n| x |\n<!-- end -->");
    expect(written.split("<!-- begin")[0]).toBe(page.split("<!-- begin")[0]);
    expect(() => withTable("no place", "")).toThrow(/lacks the comments for the table/);
  });
});

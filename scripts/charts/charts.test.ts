import { describe, expect, test } from "vitest";
import { barChart } from "./bar-chart.ts";
import { lineChart } from "./line-chart.ts";

const described = { title: "Speed", description: "a < b" };

describe("bar chart", () => {
  const drawn = (share: number): string =>
    barChart({
      ...described,
      caption: "requests/s",
      markedShare: 0.5,
      groups: [{ heading: "refresh", bars: [{ label: "symbolon", share, note: "1", isOurs: true }] }],
    });

  test("draws a bar as long as its share, and not longer than the picture", () => {
    expect(drawn(0.5)).toContain('class="own" x="190" y="64" width="240.0"');
    expect(drawn(2)).toContain('width="480.0"');
  });

  test("marks what the bars are compared with", () => expect(drawn(1)).toContain('<line class="axis" x1="430.0"'));

  test("escapes the description", () => expect(drawn(1)).toContain('<desc id="desc">a &lt; b</desc>'));
});

describe("line chart", () => {
  const point = (x: number, y: number) => ({ x, y });
  const panel = (title: string) => ({
    title,
    points: [point(0, 0), point(5, 2), point(10, 1)],
    highest: 2,
    highestLabel: "2",
    note: "10 s",
  });

  test("draws each panel from zero to its highest value", () => {
    const drawn = lineChart({ ...described, panels: [panel("memory"), panel("handles")] });
    expect(drawn.match(/points="0\.0,120\.0 150\.0,0\.0 300\.0,60\.0"/g)).toHaveLength(2);
  });

  test("begins a new row after three panels", () =>
    expect(lineChart({ ...described, panels: ["a", "b", "c", "d"].map(panel) })).toContain("translate(20 240)"));
});

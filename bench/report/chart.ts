import { barChart, type Bar } from "../../scripts/charts/bar-chart.ts";
import type { Line } from "../measure.ts";
import type { Report } from "./report.ts";

/** Horizontal bars, by work: requests per second (of batches: tokens per second) as a ratio to bare node:http. */
export function chart({ lines, grants }: Report): string {
  const works = [...new Set(lines.map(({ work }) => work))];
  const highest = Math.max(1, ...lines.filter(({ tokens }) => tokens === 1).map(({ ofBare }) => ofBare));
  const ratios = lines.map(({ work, server, ofBare }) => `${work}, ${server}: ${ofBare.toFixed(3)}.`).join(" ");
  return barChart({
    title: "Speed beside bare node:http and other authorization servers",
    description: `Requests per second as a ratio to bare node:http, ${grants.toLocaleString("en")} live grants, durable commits. ${ratios}`,
    caption: "requests/s, bare node:http = 1; longer is better",
    markedShare: 1 / highest,
    groups: works.map((work) => ({
      heading: work,
      bars: lines.filter((line) => line.work === work).map((line) => barOf(line, highest)),
    })),
  });
}

/** A batch takes fewer requests, so its bar may be longer than the picture; it ends at the edge. */
function barOf({ server, ofBare, requestsPerSecond, tokens }: Line, highest: number): Bar {
  const rate = `${Math.round(requestsPerSecond * tokens).toLocaleString("en")}${tokens === 1 ? "/s" : " tokens/s"}`;
  return {
    label: server,
    share: ofBare / highest,
    note: `${ofBare.toFixed(ofBare < 0.1 ? 3 : 2)} · ${rate}`,
    isOurs: server.startsWith("symbolon"),
  };
}

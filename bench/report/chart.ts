import type { Line } from "../measure.ts";
import type { Report } from "./report.ts";

const [width, barHeight, gap, nameWidth, numberWidth] = [820, 18, 6, 190, 150];
const barsWidth = width - nameWidth - numberWidth;

const style = `
  text { font: 13px system-ui, sans-serif; fill: #1f2328; }
  .work { font-weight: 600; }
  .number { fill: #59636e; }
  .bar { fill: #a8b1bb; }
  .own { fill: #0a6b56; }
  .ground { fill: #ffffff; }
  .one { stroke: #d1d9e0; }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc; }
    .number { fill: #9198a1; }
    .bar { fill: #59636e; }
    .own { fill: #3fb950; }
    .ground { fill: #0d1117; }
    .one { stroke: #3d444d; }
  }`;

/** Horizontal bars, by work: requests per second (of batches: tokens per second) as a share of bare node:http's. */
export function chart({ lines, grants }: Report): string {
  const works = [...new Set(lines.map(({ work }) => work))];
  const most = Math.max(1, ...lines.filter(({ tokens }) => tokens === 1).map(({ ofBare }) => ofBare));
  const parts: string[] = [];
  let y = 40;
  for (const work of works) {
    parts.push(`<text class="work" x="0" y="${y + 14}">${work}</text>`);
    y += barHeight + gap;
    for (const line of lines.filter((each) => each.work === work)) {
      parts.push(barOf(line, y, most));
      y += barHeight + gap;
    }
    y += gap * 2;
  }
  const oneAt = nameWidth + barsWidth / most;
  const says = `Requests per second as a ratio to bare node:http, ${grants.toLocaleString("en")} live grants, durable commits. ${describe(lines)}`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-16 0 ${width + 32} ${y}" role="img" aria-labelledby="title desc">
<title id="title">Speed beside bare node:http and other authorization servers</title>
<desc id="desc">${escapeXml(says)}</desc>
<style>${style}
</style>
<rect class="ground" x="-16" y="0" width="${width + 32}" height="${y}"/>
<text class="number" x="0" y="22">requests/s, bare node:http = 1; longer is better</text>
<line class="one" x1="${round(oneAt)}" x2="${round(oneAt)}" y1="34" y2="${y - 8}"/>
${parts.join("\n")}
</svg>
`;
}

/** A batch goes beyond the floor, for its requests are fewer; its bar ends at the edge. */
function barOf({ server, ofBare, requestsPerSecond, tokens }: Line, y: number, most: number): string {
  const length = Math.max(1, Math.min(1, ofBare / most) * barsWidth);
  const rate = `${Math.round(requestsPerSecond * tokens).toLocaleString("en")}${tokens === 1 ? "/s" : " tokens/s"}`;
  return [
    `<text x="12" y="${y + 14}">${escapeXml(server)}</text>`,
    `<rect class="${server.startsWith("symbolon") ? "own" : "bar"}" x="${nameWidth}" y="${y}" width="${round(length)}" height="${barHeight}" rx="2"/>`,
    `<text class="number" x="${round(nameWidth + length + 8)}" y="${y + 14}">${ofBare.toFixed(ofBare < 0.1 ? 3 : 2)} · ${rate}</text>`,
  ].join("");
}

const describe = (lines: readonly Line[]): string =>
  lines.map(({ work, server, ofBare }) => `${work}, ${server}: ${ofBare.toFixed(3)}.`).join(" ");

const round = (number: number): string => number.toFixed(1);

const escapeXml = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

import { html, type Html } from "@symbolon/html";
import { coordinate, svg, type Described } from "./svg.ts";

/** One curve, drawn from zero to `highest`; `note` stands below it. */
export type Panel = { title: string; points: readonly Point[]; highest: number; highestLabel: string; note: string };
export type Point = { x: number; y: number };

const panel = { width: 300, height: 120, gap: 40, left: 20, top: 40 };
const columns = 3;

/** A small chart for each panel, in rows, as the text of an SVG file. The points of a panel are sorted by `x`. */
export function lineChart({ panels, ...described }: Described & { panels: readonly Panel[] }): string {
  const rows = Math.ceil(panels.length / columns);
  const width = panel.left + columns * (panel.width + panel.gap);
  const height = panel.top + rows * (panel.height + 2 * panel.gap);
  const shapes = panels.map((one, index) => {
    const x = panel.left + (index % columns) * (panel.width + panel.gap);
    const y = panel.top + Math.floor(index / columns) * (panel.height + 2 * panel.gap);
    return html`<g transform="translate(${x} ${y})">${drawPanel(one)}</g>\n`;
  });
  return svg(described, [width, height], html`${shapes}`);
}

function drawPanel({ title, points, highest, highestLabel, note }: Panel): Html {
  const last = points.at(-1)?.x ?? 1;
  const line = points.map(({ x, y }) => {
    const across = (x / last) * panel.width;
    const down = panel.height * (1 - y / highest);
    return `${coordinate(across)},${coordinate(down)}`;
  });
  return html`<text class="heading" y="-8">${title}</text>
<path class="axis" d="M0 0V${panel.height}H${panel.width}"/>
<polyline class="line" points="${line.join(" ")}"/>
<text class="number" x="4" y="10">${highestLabel}</text>
<text class="number" y="${panel.height + 16}">${note}</text>`;
}

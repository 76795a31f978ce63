import { html, type Html } from "@symbolon/html";
import { coordinate, svg, type Described } from "./svg.ts";

/** `share` is the length: 1 is the whole width, and what is longer ends there. `note` stands behind the bar. */
export type Bar = { label: string; share: number; note: string; isOurs: boolean };

export type BarChart = Described & {
  caption: string;
  groups: readonly { heading: string; bars: readonly Bar[] }[];
  /** Where a vertical line marks what the bars are compared with. */
  markedShare: number;
};

const [width, barHeight, gap, labelWidth, noteWidth] = [820, 18, 6, 190, 150];
const barsWidth = width - labelWidth - noteWidth;
const captionHeight = 40;

/** Groups of horizontal bars, one below the other, as the text of an SVG file. */
export function barChart({ caption, groups, markedShare, ...described }: BarChart): string {
  const shapes: Html[] = [];
  let y = captionHeight;
  for (const { heading, bars } of groups) {
    shapes.push(html`<text class="heading" x="0" y="${y + 14}">${heading}</text>\n`);
    y += barHeight + gap;
    for (const bar of bars) {
      shapes.push(drawBar(bar, y));
      y += barHeight + gap;
    }
    y += gap * 2;
  }
  const marked = coordinate(labelWidth + barsWidth * markedShare);
  return svg(
    described,
    [width, y],
    html`<text class="number" x="0" y="22">${caption}</text>
<line class="axis" x1="${marked}" x2="${marked}" y1="34" y2="${y - 8}"/>
${shapes}`,
  );
}

function drawBar({ label, share, note, isOurs }: Bar, y: number): Html {
  const length = Math.max(1, Math.min(1, share) * barsWidth);
  const kind = isOurs ? "own" : "bar";
  const box = html`x="${labelWidth}" y="${y}" width="${coordinate(length)}" height="${barHeight}"`;
  const noteStart = coordinate(labelWidth + length + 8);
  const labelText = html`<text x="12" y="${y + 14}">${label}</text>`;
  const noteText = html`<text class="number" x="${noteStart}" y="${y + 14}">${note}</text>`;
  return html`${labelText}<rect class="${kind}" ${box} rx="2"/>${noteText}
`;
}

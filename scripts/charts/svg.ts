import { html, type Html } from "@symbolon/html";

const style = `
  text { font: 13px system-ui, sans-serif; fill: #1f2328; }
  .heading { font-weight: 600; }
  .number { fill: #59636e; }
  .bar { fill: #a8b1bb; }
  .own { fill: #0a6b56; }
  .ground { fill: #ffffff; }
  .line { fill: none; stroke: #0a6b56; stroke-width: 1.5; }
  .axis { fill: none; stroke: #d1d9e0; }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc; }
    .number { fill: #9198a1; }
    .bar { fill: #59636e; }
    .own { fill: #3fb950; }
    .ground { fill: #0d1117; }
    .line { stroke: #3fb950; }
    .axis { stroke: #3d444d; }
  }`;

/** What a screen reader says of the picture. */
export type Described = { title: string; description: string };

const margin = 16;

/** A whole SVG file around the shapes, which it shows in light and dark. Sizes are in pixels. */
export const svg = (
  { title, description }: Described,
  [width, height]: readonly [number, number],
  shapes: Html,
): string =>
  `${html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="${-margin} 0 ${width + 2 * margin} ${height}" role="img" aria-labelledby="title desc">
<title id="title">${title}</title>
<desc id="desc">${description}</desc>
<style>${style}
</style>
<rect class="ground" x="${-margin}" y="0" width="${width + 2 * margin}" height="${height}"/>
${shapes}
</svg>
`}`;

/** A coordinate with as many digits as a picture needs. */
export const coordinate = (pixels: number): string => pixels.toFixed(1);

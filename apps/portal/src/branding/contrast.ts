/** A colour, as red, green and blue from 0 to 255. */
type Rgb = readonly [number, number, number];

/** The colours of the card, on which links and buttons stand. Equal to `--card` in assets/portal.css. */
export const cards = { light: "#ffffff", dark: "#181c1f" } as const;
const names = { light: "white", dark: "dark" } as const;

export type Scheme = keyof typeof cards;

/** WCAG 2.2 §1.4.3, level AA, for text of normal size. */
const enough = 4.5;

export const isColor = (text: string): boolean => /^#[0-9a-f]{6}$/i.test(text);

/** The contrast of two colours, from 1 to 21. @see WCAG 2.2, "contrast ratio" */
export function contrast(one: string, other: string): number {
  const [darker, lighter] = [luminance(parse(one)), luminance(parse(other))].toSorted((a, b) => a - b) as [
    number,
    number,
  ];
  return (lighter + 0.05) / (darker + 0.05);
}

/** The colours that follow from an accent: under the pointer, behind a badge, around the page, and of text on it. */
export function derive(accent: string, scheme: Scheme) {
  const away = scheme === "light" ? "#000000" : "#ffffff";
  return {
    accent,
    strong: mix(accent, away, 0.22),
    wash: mix(accent, cards[scheme], scheme === "light" ? 0.91 : 0.87),
    onAccent: scheme === "light" ? "#ffffff" : "#000000",
  };
}

/**
 * Why a colour cannot be the accent, with a shade of it that can; `undefined` if it can. Where an accent has enough
 * contrast, the colours that follow from it have enough, too.
 */
export function describeContrast(color: string, scheme: Scheme): string | undefined {
  const ratio = contrast(color, cards[scheme]);
  if (ratio >= enough) return undefined;
  const measured = (Math.floor(ratio * 100) / 100).toFixed(2);
  return `has a contrast of ${measured} to 1 on the ${names[scheme]} page, and text needs ${enough} to 1 (WCAG 2.2 §1.4.3); ${nearest(color, scheme)} would do`;
}

/** The same hue, made darker for a light page and lighter for a dark one, until it has enough contrast. */
function nearest(color: string, scheme: Scheme): string {
  const away = scheme === "light" ? "#000000" : "#ffffff";
  const steps = Array.from({ length: 100 }, (_, step) => mix(color, away, (step + 1) / 100));
  return steps.find((shade) => contrast(shade, cards[scheme]) >= enough) ?? away;
}

const parse = (color: string): Rgb => [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16)) as never;

function luminance(color: Rgb): number {
  const [red, green, blue] = color.map((channel) => {
    const part = channel / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** `share` of the second colour, from 0 to 1, in the first. */
function mix(one: string, other: string, share: number): string {
  const end = parse(other);
  const channels = parse(one).map((channel, at) => Math.round(channel + (end[at]! - channel) * share));
  return `#${channels.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
}

/** An image that the pages show, as it is served. Width and height in pixels. */
export type Image = { contentType: "image/png" | "image/svg+xml"; body: Uint8Array; width: number; height: number };

export type ReadImage = { ok: true; image: Image } | { ok: false; message: string };

const longestBytes = 256 * 1024;
const largestPixels = 2048;
const refuse = (message: string): ReadImage => ({ ok: false, message });

/**
 * The image in a file: a PNG or an SVG, told by its content and not by its name. An SVG may hold shapes and text alone:
 * no script, no handler, no document type, nothing of another address (WB-08).
 */
export function readImage(body: Uint8Array): ReadImage {
  if (body.length > longestBytes) return refuse(`has ${body.length} bytes, and at most ${longestBytes} are allowed`);
  if (pngSignature.every((byte, at) => body[at] === byte)) return readPng(body);
  const text = utf8(body);
  return text !== undefined && /^\uFEFF?\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--(?:(?!-->)[^])*-->\s*)*<svg[\s>]/.test(text)
    ? readSvg(text, body)
    : refuse("is neither a PNG nor an SVG image");
}

const pngSignature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** @see PNG, third edition, §5.3, §11.2.1 */
function readPng(body: Uint8Array): ReadImage {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const [width, height] = body.length < 33 ? [0, 0] : [view.getUint32(16), view.getUint32(20)];
  const hasHeader = body.length >= 33 && view.getUint32(8) === 13 && view.getUint32(12) === 0x49484452; // IHDR
  if (!hasHeader || width === 0 || height === 0) return refuse("is a damaged PNG image");
  if (width > largestPixels || height > largestPixels)
    return refuse(`has ${width} by ${height} pixels, and at most ${largestPixels} by ${largestPixels} are allowed`);
  return { ok: true, image: { contentType: "image/png", body, width, height } };
}

/** What makes an SVG more than a picture. */
const forbidden: readonly (readonly [RegExp, string])[] = [
  [/<\?xml[^<>]*encoding\s*=\s*["'](?!utf-8["'])/i, "another encoding than UTF-8"],
  [/(?![\t\r\n])\p{Cc}|\\/u, "a control character or a backslash"],
  [/<!(?:DOCTYPE|ENTITY|\[CDATA)/i, "a document type or CDATA"],
  [/<\?(?!xml\s)/i, "a processing instruction"],
  [
    /<(?:[\w-]+:)?(?:script|handler|listener|foreignObject|iframe|object|embed|audio|video|image|feImage|a)[\s/>]/i,
    "an element other than shapes and text",
  ],
  [/<(?:[\w-]+:)?(?:animate\w*|set|discard)[\s/>]/i, "an animation"],
  [/[\s"'/]on[a-z]+\s*=/i, "an event handler"],
  [/(?:href|src)\s*=\s*(?!["']#)/i, "a link to something outside"],
  [
    /url\(\s*(?!["']?#)|@import|javascript:|data:|xml:base|(?:image-set|image|src|element)\(/i,
    "a link to something outside",
  ],
];

function readSvg(text: string, body: Uint8Array): ReadImage {
  const found = forbidden.find(([pattern]) => pattern.test(text) || pattern.test(withoutEscapes(text)));
  if (found !== undefined) return refuse(`is an SVG image with ${found[1]}`);
  const [width, height] = sizeOf(/<svg[^<>]*>/.exec(text)?.[0] ?? "");
  if (width === 0 || height === 0) return refuse("is an SVG image without a viewBox, or without width and height");
  return { ok: true, image: { contentType: "image/svg+xml", body, width, height } };
}

/** The text with its character references resolved: `&#x6a;avascript:` is a link, too. */
const withoutEscapes = (text: string): string =>
  text
    .replace(/&#(?:x([0-9a-f]{1,6})|(\d{1,7}));?/gi, (_, hex?: string, decimal?: string) => {
      const code = Number.parseInt(hex ?? decimal ?? "", hex === undefined ? 10 : 16);
      return code <= 0x10_ff_ff ? String.fromCodePoint(code) : "";
    })
    .replace(/[\t\r\n]/g, "");

function sizeOf(tag: string): [number, number] {
  const found = [...tag.matchAll(/\s(viewBox|width|height)\s*=\s*["']([^"']*)["']/g)];
  const attribute = (name: string): string | undefined => found.find(([, one]) => one === name)?.[2];
  const box = (attribute("viewBox") ?? "")
    .trim()
    .split(/[\s,]+/)
    .map(Number);
  const sides =
    box.length === 4 ? box.slice(2) : ["width", "height"].map((name) => Number.parseFloat(attribute(name) ?? ""));
  return sides.map((side) => (Number.isFinite(side) && side > 0 && side <= 1e6 ? side : 0)) as [number, number];
}

function utf8(body: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return undefined;
  }
}

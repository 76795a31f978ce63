import { deflateSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { readImage } from "./image.ts";

const svg = (content: string, attributes = 'viewBox="0 0 120 40"'): Uint8Array =>
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" ${attributes}>${content}</svg>`);
const circle = '<circle cx="20" cy="20" r="18" fill="#b3261e"/>';

/** A PNG header of that size, with some content behind it. */
function png(width: number, height: number): Uint8Array {
  const header = Buffer.alloc(33);
  Buffer.from("89504e470d0a1a0a0000000d49484452", "hex").copy(header);
  header.writeUInt32BE(width, 16);
  header.writeUInt32BE(height, 20);
  return Buffer.concat([header, deflateSync(Buffer.alloc(64))]);
}

describe("An image is told by its content", () => {
  test("a PNG, with its size", () => {
    expect(readImage(png(300, 80))).toMatchObject({
      ok: true,
      image: { contentType: "image/png", width: 300, height: 80 },
    });
  });
  test.each([
    ["a viewBox", svg(circle), 120, 40],
    ["width and height", svg(circle, 'width="64px" height="32px"'), 64, 32],
    [
      "a prolog and a comment",
      Buffer.from(`<?xml version="1.0"?>\n<!-- Acme -->\n<svg viewBox="0,0 10 20">${circle}</svg>`),
      10,
      20,
    ],
    [
      "a gradient of its own",
      svg(`<linearGradient id="g"/><rect fill="url(#g)" width="1" height="1"/><use href="#g"/>`),
      120,
      40,
    ],
  ])("an SVG with %s", (_, body, width, height) => {
    expect(readImage(body)).toMatchObject({ ok: true, image: { contentType: "image/svg+xml", width, height } });
  });
});

describe("WB-08: an image that is more than a picture is refused", () => {
  test.each([
    ["HTML", Buffer.from("<!doctype html><svg viewBox='0 0 1 1'></svg>"), "neither"],
    ["a GIF", Buffer.from("GIF89a"), "neither"],
    ["nothing", Buffer.alloc(0), "neither"],
    ["text that is not UTF-8", Buffer.from([0x3c, 0x73, 0x76, 0x67, 0x20, 0xff]), "neither"],
    ["a PNG that is cut off", png(1, 1).subarray(0, 20), "damaged"],
    ["a PNG without pixels", png(0, 10), "damaged"],
    ["a PNG of 10,000 pixels", png(10_000, 10_000), "10000 by 10000 pixels"],
    ["more than 256 KiB", Buffer.alloc(256 * 1024 + 1), "bytes"],
    ["an SVG without a size", svg(circle, ""), "without a viewBox"],
    ["an SVG of infinite size", svg(circle, 'viewBox="0 0 1e999 1"'), "without a viewBox"],
    ["a script", svg("<script>alert(1)</script>"), "other than shapes"],
    [
      "a script with a prefix",
      svg('<s:script xmlns:s="http://www.w3.org/2000/svg">alert(1)</s:script>'),
      "other than shapes",
    ],
    ["a handler", svg('<circle r="1" onload="alert(1)"/>'), "handler"],
    ["a handler behind a slash", svg('<circle/onload="alert(1)"/>'), "handler"],
    ["a handler on the root", svg("", 'viewBox="0 0 1 1" onload="alert(1)"'), "handler"],
    ["HTML inside", svg("<foreignObject><body/></foreignObject>"), "other than shapes"],
    ["a link", svg('<a href="#x"><circle/></a>'), "other than shapes"],
    ["a picture of another host", svg('<image href="https://evil.example/x.png"/>'), "other than shapes"],
    ["a shape of another host", svg('<use xlink:href="https://evil.example/x.svg#a"/>'), "outside"],
    ["a link of another scheme in escapes", svg('<use href="&#x6a;avascript:alert(1)"/>'), "outside"],
    ["a style of another host", svg("<style>@import 'https://evil.example/x.css';</style>"), "outside"],
    ["a fill of another host", svg('<rect fill="url(https://evil.example/x#a)"/>'), "outside"],
    ["a style whose name is escaped", svg("<style>@\\69mport 'https://evil.example/x.css';</style>"), "backslash"],
    ["a picture in a set", svg("<rect style=\"mask:image-set('https://evil.example/x.png' 1x)\"/>"), "outside"],
    ["another base for its links", svg('<g xml:base="https://evil.example/"><use href="#a"/></g>'), "outside"],
    [
      "another encoding",
      Buffer.from('<?xml version="1.0" encoding="ISO-2022-JP"?><svg viewBox="0 0 1 1"/>'),
      "encoding",
    ],
    ["bytes that switch the encoding", svg("<desc>\u001b(J</desc>"), "control character"],
    ["a fill of data", svg('<rect style="fill:url(data:image/svg+xml,x)"/>'), "outside"],
    ["an animation that sets a link", svg('<set attributeName="href" to="javascript:alert(1)"/>'), "animation"],
    [
      "entities that multiply",
      Buffer.from('<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg viewBox="0 0 1 1">&a;</svg>'),
      "neither",
    ],
    ["entities behind the root", svg('<!ENTITY a "b">'), "document type"],
    ["a stylesheet instruction", svg('<?xml-stylesheet href="x.css"?>'), "processing instruction"],
  ])("%s", (_, body, words) => {
    const read = readImage(body);
    expect(read).toMatchObject({ ok: false, message: expect.stringContaining(words) });
  });
});

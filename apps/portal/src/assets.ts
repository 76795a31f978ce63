import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Asset } from "@symbolon/server";

/** The two files that pages load. Their names hold a hash of their content, so browsers may cache them forever. */
const load = (file: string, contentType: string): { name: string; asset: Asset } => {
  const body = readFileSync(new URL(`./assets/${file}`, import.meta.url), "utf8");
  const hash = createHash("sha256").update(body).digest("hex").slice(0, 12);
  return { name: file.replace(".", `-${hash}.`), asset: { contentType, body } };
};

const stylesheet = load("portal.css", "text/css; charset=utf-8");
const mark = load("mark.svg", "image/svg+xml");

export const stylesheetName = stylesheet.name;
export const markName = mark.name;

export const assets: Readonly<Record<string, Asset>> = { [stylesheet.name]: stylesheet.asset, [mark.name]: mark.asset };

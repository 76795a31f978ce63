import { createHash } from "node:crypto";
import type { Asset } from "@symbolon/server";
import { plainMark, plainStylesheet } from "../assets.ts";
import { initial } from "../untrusted-text.ts";
import type { Branding } from "./branding.ts";
import { derive, type Scheme } from "./contrast.ts";
import type { Image } from "./image.ts";

/** What the pages look like: their files, and what stands in each document. */
export type Look = {
  /** Absent: pages without branding. */
  provider: string | undefined;
  /** At the end of each title. */
  siteName: string;
  stylesheet: string;
  mark: { name: string; width: number; height: number; kind: "logo" | "square" };
  icon: { name: string; contentType: string };
  support: string | undefined;
  /** By names that hold a hash of the content, so browsers may cache them forever. */
  assets: Readonly<Record<string, Asset>>;
};

export function makeLook(branding: Branding | undefined): Look {
  const assets: Record<string, Asset> = {};
  const add = (base: string, { contentType, body }: Asset): string => {
    const hash = createHash("sha256").update(body).digest("hex").slice(0, 12);
    const name = `${base}-${hash}.${extensions[contentType]!}`;
    assets[name] = { contentType, body };
    return name;
  };
  const square = { contentType: "image/svg+xml", body: branding === undefined ? plainMark : letterMark(branding) };
  const logo = branding?.logo;
  const icon = branding?.favicon ?? logo ?? square;
  return {
    provider: branding?.name,
    siteName: branding?.name ?? "Symbolon",
    stylesheet: add("portal", { contentType: stylesheetType, body: plainStylesheet + accentRules(branding) }),
    mark:
      logo === undefined
        ? { name: add("mark", square), width: side, height: side, kind: "square" }
        : { name: add("logo", logo), ...scaled(logo), kind: "logo" },
    icon: {
      name: add(icon === square ? "mark" : icon === logo ? "logo" : "icon", icon),
      contentType: icon.contentType,
    },
    support: branding?.support,
    assets,
  };
}

const stylesheetType = "text/css; charset=utf-8";
const extensions: Readonly<Record<string, string>> = {
  [stylesheetType]: "css",
  "image/svg+xml": "svg",
  "image/png": "png",
};

/** In pixels, as `.mark` in the stylesheet. */
const side = 44;
const widestLogo = 200;

/** The size of a logo on the page: as high as the mark, unless it is too wide for that. */
function scaled({ width, height }: Image): { width: number; height: number } {
  const scale = Math.min(side / height, widestLogo / width);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

function accentRules(branding: Branding | undefined): string {
  if (branding?.accent === undefined) return "";
  const rules = (scheme: Scheme): string => {
    const { accent, strong, wash, onAccent } = derive(branding.accent![scheme], scheme);
    return `:root{--accent:${accent};--accent-strong:${strong};--accent-wash:${wash};--glow:${wash};--on-accent:${onAccent}}`;
  };
  return `${rules("light")}\n@media (prefers-color-scheme: dark){${rules("dark")}}\n`;
}

/** A square in the accent with the first letter of the name, in place of a logo. */
function letterMark({ name, accent }: Branding): string {
  const { accent: fill, onAccent } = derive(accent?.light ?? standardAccent, "light");
  const letter = initial(name).replace(/[<>&]/g, "");
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 44 44" width="44" height="44"><rect width="44" height="44" rx="12" fill="${fill}"/><text x="22" y="30" text-anchor="middle" font-family="system-ui,sans-serif" font-size="23" font-weight="650" fill="${onAccent}">${letter}</text></svg>`;
}

/** `--accent` of the light page in portal.css. */
const standardAccent = "#0b6b63";

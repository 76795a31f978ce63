import { readFileSync } from "node:fs";

const read = (file: string): string => readFileSync(new URL(`./assets/${file}`, import.meta.url), "utf8");

/** The files of pages without branding. A package takes the folder beside this file along. */
export const plainStylesheet = read("portal.css");
export const plainMark = read("mark.svg");

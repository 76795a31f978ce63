import { html, safeHref, type Html } from "@symbolon/html";
import type { FormView } from "@symbolon/server";
import { markName, stylesheetName } from "./assets.ts";
import type { Frame } from "./frame.ts";

/** What a page puts into the document. `title` is sanitized plain text. */
export type Content = {
  title: string;
  width?: "narrow" | "wide";
  body: Html;
  /** An address that the browser opens at once, without a script. */
  goesOnTo?: string;
};

/** The HTML document of a page: one stylesheet, one image, no inline style. */
export function page({ assetsPath, language }: Frame, { title, width = "narrow", body, goesOnTo }: Content): string {
  return html`<!doctype html>
<html lang="${language.tag}" dir="${language.direction}">
<head>
<meta charset="utf-8">
<title>${title} · Symbolon</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">${
    goesOnTo === undefined
      ? undefined
      : html`
<meta http-equiv="refresh" content="0;url=${goesOnTo}">`
  }
<link rel="stylesheet" href="${asset(assetsPath, stylesheetName)}">
<link rel="icon" type="image/svg+xml" href="${asset(assetsPath, markName)}">
</head>
<body>
<main class="${width}">
${body}
</main>
</body>
</html>
`.toString();
}

/** The logo. Screen readers skip it: the heading says the same. */
export const mark = ({ assetsPath }: Frame): Html =>
  html`<img class="mark" src="${asset(assetsPath, markName)}" width="44" height="44" alt="">`;

export const hiddenFields = (form: FormView): Html[] =>
  Object.entries(form.hidden).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">\n`);

export const alert = (id: string, tone: "error" | "notice", text: Html): Html =>
  html`<p class="alert ${tone}" id="${id}" role="alert">${text}</p>`;

/** Text for developers, which is in English in every language. */
export const inEnglish = (text: Html): Html => html`<span lang="en" dir="ltr">${text}</span>`;

const asset = (assetsPath: string, name: string): string => safeHref(`${assetsPath}${name}`);

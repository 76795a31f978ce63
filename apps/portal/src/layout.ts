import { html, safeHref, type Html } from "@symbolon/html";
import type { FormView } from "@symbolon/server";
import type { Frame } from "./frame.ts";
import { sanitize, untrusted } from "./untrusted-text.ts";

/** What a page puts into the document. `title` is sanitized plain text. */
export type Content = {
  title: string;
  width?: "narrow" | "wide";
  body: Html;
  /** An address that the browser opens at once, without a script. */
  goesOnTo?: string;
};

/** The HTML document of a page: one stylesheet, images of this server, no inline style. */
export function page(frame: Frame, { title, width = "narrow", body, goesOnTo }: Content): string {
  const { assetsPath, language, look } = frame;
  return html`<!doctype html>
<html lang="${language.tag}" dir="${language.direction}">
<head>
<meta charset="utf-8">
<title>${title} · ${sanitize(look.siteName, 60)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">${
    goesOnTo === undefined
      ? undefined
      : html`
<meta http-equiv="refresh" content="0;url=${goesOnTo}">`
  }
<link rel="stylesheet" href="${asset(assetsPath, look.stylesheet)}">
<link rel="icon" type="${look.icon.contentType}" href="${asset(assetsPath, look.icon.name)}">
</head>
<body>
<main class="${width}">
${body}
${support(frame)}</main>
</body>
</html>
`.toString();
}

/** The logo. Screen readers skip it: the heading says the same. */
export const mark = ({ assetsPath, look: { mark } }: Frame): Html =>
  html`<img class="mark ${mark.kind}" src="${asset(assetsPath, mark.name)}" width="${mark.width}" height="${mark.height}" alt="">`;

/** Where people find help of the provider, under the card. */
function support({ language, look }: Frame): Html | undefined {
  if (look.support === undefined || look.provider === undefined) return undefined;
  const provider = untrusted(look.provider, 60);
  return html`<p class="support"><a href="${safeSupportHref(look.support)}" rel="noopener noreferrer">${language.text("support", { provider })}</a></p>
`;
}

const safeSupportHref = (href: string): string => (/^mailto:[^\s\\]+$/.test(href) ? href : safeHref(href));

export const hiddenFields = (form: FormView): Html[] =>
  Object.entries(form.hidden).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">\n`);

export const alert = (id: string, tone: "error" | "notice", text: Html): Html =>
  html`<p class="alert ${tone}" id="${id}" role="alert">${text}</p>`;

/** Attributes of an element with text for developers, which is in English in every language. */
export const inEnglish = html` lang="en" dir="ltr"`;

const asset = (assetsPath: string, name: string): string => safeHref(`${assetsPath}${name}`);

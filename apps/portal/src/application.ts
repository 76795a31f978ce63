import { html, type Html } from "@symbolon/html";
import type { ApplicationView } from "@symbolon/server";
import type { Language } from "./languages/language.ts";
import { identifier, initial, untrusted } from "./untrusted-text.ts";

/** The logo of the application, from this server alone (WB-05), else the first letter of its name. */
export const tile = ({ name, logo }: ApplicationView): Html =>
  logo !== undefined && isOwnPath(logo)
    ? html`<img class="tile picture" src="${logo}" width="44" height="44" alt="">`
    : html`<span class="tile">${initial(name)}</span>`;

const isOwnPath = (path: string): boolean => /^\/(?![/\\])[\w./~-]*$/.test(path);

export const publisher = ({ publisher: name }: ApplicationView, { text }: Language): Html | undefined =>
  name === undefined
    ? undefined
    : html`<p>${text("consent.publisher", { publisher: html`<strong>${untrusted(name, 60)}</strong>` })}</p>\n`;

/** The host of the home page as text: who reads it can compare it, and nothing is loaded from it. */
export function homePage({ homePage: href }: ApplicationView, { text }: Language): Html | undefined {
  const url = readHttps(href);
  if (url === undefined) return undefined;
  return html`<div><dt>${text("consent.home_page")}</dt><dd><strong>${identifier(url.host, 260)}</strong></dd></div>\n`;
}

/** Links to terms and policy, in a window of their own: the decision stays open in this one. */
export function links({ terms, policy }: ApplicationView, { text }: Language): Html | undefined {
  const link = (href: string | undefined, label: Html): Html | undefined => {
    const url = readHttps(href);
    return url === undefined
      ? undefined
      : html`<li><a href="${url.href}" target="_blank" rel="noopener noreferrer">${label}</a></li>\n`;
  };
  const items = [link(terms, text("consent.terms")), link(policy, text("consent.policy"))];
  return items.every((item) => item === undefined) ? undefined : html`<ul class="links">\n${items}</ul>\n`;
}

const longestAddress = 2048;

/** An https address as a URL parser writes it: a host in other letters than Latin ones appears as `xn--…` (WB-09). */
function readHttps(href: string | undefined): URL | undefined {
  if (href === undefined || href.length > longestAddress || !href.startsWith("https://") || !URL.canParse(href))
    return undefined;
  const url = new URL(href);
  return url.username === "" && url.password === "" ? url : undefined;
}

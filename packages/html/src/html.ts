/**
 * Markup. `html` escapes every inserted string and number; only another `Html` is inserted as it is. A string becomes
 * `Html` only as the literal part of a template, so no escape can be forgotten.
 */
export class Html {
  readonly #markup: string;
  constructor(literals: TemplateStringsArray, parts: readonly Part[]) {
    this.#markup = literals.reduce((markup, literal, i) => markup + render(parts[i - 1]) + literal);
  }
  toString(): string {
    return this.#markup;
  }
}

/** What a template may hold. `undefined` renders nothing, a list renders its members one after the other. */
export type Part = string | number | Html | undefined | readonly Part[];

export const html = (literals: TemplateStringsArray, ...parts: readonly Part[]): Html => new Html(literals, parts);

function render(part: Part): string {
  if (part === undefined) return "";
  if (part instanceof Html) return part.toString();
  if (typeof part === "object") return part.map(render).join("");
  return escape(String(part));
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "`": "&#96;",
};

/** Escapes for text and for attribute values in either kind of quotes. */
const escape = (text: string): string => text.replace(/[&<>"'`]/g, (character) => entities[character]!);

/**
 * The target of a link or form if it is a path on this host or an http(s) URL, else `#`. Rejects `javascript:`,
 * `data:`, `//elsewhere`, and a path with a backslash, which browsers read as a slash.
 */
export const safeHref = (href: string): string => (/^(?:\/(?![/\\])|https?:\/\/)[^\s\\]*$/.test(href) ? href : "#");

/**
 * Like `safeHref`, and keeps the address of an app (`com.example.app:/cb`) too, but none of a scheme that browsers run
 * or read themselves.
 */
export const safeAppHref = (href: string): string =>
  /^[a-z][a-z0-9+.-]*:\/[^\s\\]*$/.test(href) && !browserSchemes.test(href) ? href : safeHref(href);

const browserSchemes =
  /^(?:javascript|vbscript|data|blob|file|filesystem|about|view-source|chrome|resource|intent|content|https?|wss?|ftp):/;

/**
 * Markup that is safe by construction: `html` escapes every string put into it, and only a value it made itself passes
 * raw. There is no way to turn a string into `Html` except through the literal parts of a template, so none can be
 * forgotten.
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

/** What may stand in a template. `undefined` renders nothing, a list renders one after the other. */
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

/** Fit for text and for attribute values in either quotes. */
const escape = (text: string): string => text.replace(/[&<>"'`]/g, (character) => entities[character]!);

/**
 * A link or a form target that stays what it looks like: a path on this host, or http(s). Anything else (`javascript:`,
 * `data:`, `//elsewhere`, a path with a backslash, which browsers read as a slash) leads nowhere.
 */
export const safeHref = (href: string): string => (/^(?:\/(?![/\\])|https?:\/\/)[^\s\\]*$/.test(href) ? href : "#");

/** A form of a page, as a browser without JavaScript would send it. */
export type PageForm = {
  action: string;
  fields: ReadonlyMap<string, string>;
  radios: readonly { name: string; value: string }[];
  names: readonly string[];
};

/** Reads the forms of a page of this server. It knows well-formed tags and quoted attributes only. */
export function readForms(html: string): PageForm[] {
  return [...html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)].map(([, attributes = "", body = ""]) => {
    const inputs = [...body.matchAll(/<(?:input|button)\b([^>]*)>/g)].map(([, text = ""]) => readAttributes(text));
    const hidden = inputs.filter((input) => input.get("type") === "hidden");
    const radios = inputs.filter((input) => input.get("type") === "radio");
    return {
      action: readAttributes(attributes).get("action") ?? "",
      fields: new Map(hidden.map((input) => [input.get("name") ?? "", input.get("value") ?? ""])),
      radios: radios.map((input) => ({ name: input.get("name") ?? "", value: input.get("value") ?? "" })),
      names: inputs.flatMap((input) => input.get("name") ?? []),
    };
  });
}

/** The text of the page's h1. */
export const headingOf = (html: string): string =>
  decodeEntities(/<h1[^>]*>([\s\S]*?)<\/h1>/.exec(html)?.[1]?.replace(/<[^>]*>/g, "") ?? "")
    .replace(/\s+/g, " ")
    .trim();

const readAttributes = (text: string): ReadonlyMap<string, string> =>
  new Map([...text.matchAll(/([a-z-]+)="([^"]*)"/g)].map(([, name = "", value = ""]) => [name, decodeEntities(value)]));

const named: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function decodeEntities(text: string): string {
  return text.replace(
    /&(?:#x([0-9a-f]+)|#(\d+)|([a-z]+));/gi,
    (whole, hex?: string, decimal?: string, name?: string) => {
      if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
      if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
      return named[name!.toLowerCase()] ?? whole;
    },
  );
}

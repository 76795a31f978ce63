import { ok, refuse, type Refusal, type Result } from "./result.ts";

/**
 * The parameters of a form, by name. A parameter sent twice is an error, and an empty one is absent: each name has one
 * value or none. Only `resource` may repeat (RFC 8707 §2); it is in `resources`, not in the map.
 * @see RFC 6749 §3.1, §3.2
 */
export type Form = ReadonlyMap<string, string> & {
  readonly resources: readonly string[];
  /** Known names that were sent more than once, and are not in the map. Always empty after `parseForm`. */
  readonly repeated: readonly string[];
};

/** No parameter has a longer name. V8 hashes texts of more than 16,383 characters by their length alone (HT-15). */
const longestName = 64;

/**
 * Parses application/x-www-form-urlencoded: a body or a query string. Unlike the platform's parser it repairs nothing.
 * Refuses a bad percent-escape or bad UTF-8 with `form_malformed`, and a repeated name with `parameter_repeated`, if it
 * is one of `known`; absent: any. An unknown one that repeats is ignored (RFC 6749 §3.1, §3.2), and so is every one
 * with a name of more than 64 characters. The caller limits the length of the text.
 * @see RFC 6749 Appendix B
 */
export function parseForm(text: string, known?: ReadonlySet<string>): Result<Form> {
  const read = parseFormUnchecked(text, known);
  return read.ok ? (repetitionIn(read.value) ?? read) : read;
}

export const repetitionIn = ({ repeated: [name] }: Form): Refusal | undefined =>
  name === undefined ? undefined : refuse("parameter_repeated", printableName(name));

/**
 * Like `parseForm`, but reports repeated names instead of refusing them. For the authorization endpoint, which sends
 * that error by redirect and therefore needs the other parameters.
 * @see RFC 6749 §4.1.2.1
 */
export function parseFormUnchecked(text: string, known?: ReadonlySet<string>): Result<Form> {
  const form = new Map<string, string>();
  const resources: string[] = [];
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const pair of text.split("&")) {
    if (pair === "") continue;
    const equals = pair.indexOf("=");
    const name = decodeFormComponent(equals < 0 ? pair : pair.slice(0, equals));
    const value = equals < 0 ? "" : decodeFormComponent(pair.slice(equals + 1));
    if (name === undefined || value === undefined) return refuse("form_malformed");
    if (name.length > longestName) continue;
    if (name === "resource") {
      if (value !== "") resources.push(value);
      continue;
    }
    if (seen.has(name)) repeated.add(name);
    seen.add(name);
    if (value !== "") form.set(name, value);
  }
  for (const name of repeated) form.delete(name);
  return ok(Object.assign(form, { resources, repeated: [...repeated].filter((name) => known?.has(name) ?? true) }));
}

/** Decodes one name or value of a form, or `undefined` if it does not encode UTF-8 text. */
export function decodeFormComponent(text: string): string | undefined {
  if (needsNoDecoding.test(text)) return text;
  if (/[^\x21-\x7e]/.test(text)) return undefined;
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return undefined;
  }
}

/** Printable ASCII without % and +, such as a token. */
const needsNoDecoding = /^[\x21-\x24\x26-\x2a\x2c-\x7e]*$/;

/** The name if it is plain enough to repeat in an answer: it may come from an attacker. */
const printableName = (name: string): string | undefined => (/^[a-z_]{1,32}$/.test(name) ? name : undefined);

import { ok, refuse, type Refusal, type Result } from "./result.ts";

/**
 * The parameters of a form, by name. A parameter sent twice is an error and an empty one is absent, so that each name
 * has one value or none. The exception is `resource`, which may repeat (RFC 8707 §2) and stands in `resources` alone.
 * @see RFC 6749 §3.1, §3.2
 */
export type Form = ReadonlyMap<string, string> & {
  readonly resources: readonly string[];
  /** Names that came more than once, absent from the map; empty but for `parseFormUnchecked`. */
  readonly repeated: readonly string[];
};

const limits = { parameters: 64, nameLength: 64 };

/**
 * Reads application/x-www-form-urlencoded, a body or a query string. Unlike the platform's parser it repairs nothing: a
 * bad percent-escape or bad UTF-8 is `form_malformed`, a repeated name `parameter_repeated`.
 * @see RFC 6749 Appendix B
 */
export function parseForm(text: string): Result<Form> {
  const read = parseFormUnchecked(text);
  return read.ok ? (repetitionIn(read.value) ?? read) : read;
}

export const repetitionIn = ({ repeated: [name] }: Form): Refusal | undefined =>
  name === undefined ? undefined : refuse("parameter_repeated", printableName(name));

/**
 * As `parseForm`, for the one endpoint that answers a repetition by redirect, and so must read on. @see RFC 6749
 * §4.1.2.1
 */
export function parseFormUnchecked(text: string): Result<Form> {
  const form = new Map<string, string>();
  const resources: string[] = [];
  const seen = new Set<string>();
  const repeated = new Set<string>();
  let count = 0;
  for (const pair of text.split("&")) {
    if (pair === "") continue;
    if (++count > limits.parameters) return refuse("form_malformed");
    const equals = pair.indexOf("=");
    const name = decodeFormComponent(equals < 0 ? pair : pair.slice(0, equals));
    const value = equals < 0 ? "" : decodeFormComponent(pair.slice(equals + 1));
    if (name === undefined || value === undefined || !isParameterName(name)) return refuse("form_malformed");
    if (name === "resource") {
      if (value !== "") resources.push(value);
      continue;
    }
    if (seen.has(name)) repeated.add(name);
    seen.add(name);
    if (value !== "") form.set(name, value);
  }
  for (const name of repeated) form.delete(name);
  return ok(Object.assign(form, { resources, repeated: [...repeated] }));
}

/** One name or value of a form, decoded, or `undefined` where it is not the encoding of any UTF-8 text. */
export function decodeFormComponent(text: string): string | undefined {
  if (standsForItself.test(text)) return text;
  if (/[^\x21-\x7e]/.test(text)) return undefined;
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return undefined;
  }
}

/** Printable ASCII without % and +, as tokens are: there is nothing to decode. */
const standsForItself = /^[\x21-\x24\x26-\x2a\x2c-\x7e]*$/;

/** RFC 6749 §8.2 says which characters a name has; nothing that we read is called like a prototype. */
const isParameterName = (name: string): boolean =>
  /^[A-Za-z0-9._-]+$/.test(name) && name.length <= limits.nameLength && name !== "__proto__";

/** A name that a stranger chose never reaches an answer. */
const printableName = (name: string): string | undefined => (/^[a-z_]{1,32}$/.test(name) ? name : undefined);

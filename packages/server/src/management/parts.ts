import { ok, suggestion, type Result } from "@symbolon/protocol";
import type { z } from "zod";
import { refusal, type OutcomeRefusal, type PartProblem } from "./operation.ts";

type Read<T> = { ok: true; value: T } | OutcomeRefusal;

/** The body, if it is JSON of the shape that the operation declares. Names every field that is not. */
export function readBody(body: string, schema: z.ZodObject): Read<unknown> {
  const json = parseJson(body);
  if (!json.ok) return refusal("json_malformed");
  const parsed = schema.safeParse(json.value);
  if (parsed.success) return ok(parsed.data);
  const problems = parsed.error.issues.flatMap((issue) => problemsOfIssue(issue, json.value, schema));
  return refusal("fields_refused", problems);
}

/** RFC 8259 §8.1: UTF-8. A byte order mark and bytes that are no UTF-8 are refused. */
function parseJson(body: string): Result<unknown> | { ok: false } {
  const bytes = Buffer.from(body, "latin1");
  try {
    return ok(JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes)) as unknown);
  } catch {
    return { ok: false };
  }
}

function problemsOfIssue(issue: z.core.$ZodIssue, body: unknown, schema: z.ZodObject): PartProblem[] {
  const at = issue.path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
  if (issue.code !== "unrecognized_keys")
    return [{ field: at, expected: isMissing(issue, body) ? "is needed" : issue.message }];
  const known = issue.path.length === 0 ? Object.keys(schema.shape) : [];
  return issue.keys.map((key) => ({
    field: `${at}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`,
    expected: `is not a field of this request${suggestion(key, known)}`,
  }));
}

const isMissing = ({ code, path }: z.core.$ZodIssue, body: unknown): boolean =>
  code === "invalid_type" &&
  path.reduce((value, part) => (value as Readonly<Record<PropertyKey, unknown>>)[part], body) === undefined;

/** The parameters of a URL. Refuses unknown and repeated ones, and names each with a value that is not allowed. */
export function readQuery(query: string | undefined, schema: z.ZodObject | undefined): Read<unknown> {
  const shape: Readonly<Record<string, z.core.$ZodType>> = schema?.shape ?? {};
  const sent = [...new URLSearchParams(query ?? "")];
  const problems: PartProblem[] = [];
  const values: Record<string, unknown> = {};
  for (const [parameter, value] of sent) {
    const expected = expectedOf(parameter, sent, shape);
    if (expected === undefined) values[parameter] = readValue(value, shape[parameter]!);
    else problems.push({ parameter, expected });
  }
  const parsed = schema?.safeParse(values);
  if (parsed?.success === false)
    problems.push(
      ...parsed.error.issues.map(({ path, message }) => ({ parameter: String(path[0]), expected: message })),
    );
  return problems.length === 0 ? ok(parsed?.data) : refusal("query_invalid", problems);
}

function expectedOf(name: string, sent: readonly [string, string][], shape: object): string | undefined {
  if (!Object.hasOwn(shape, name)) return `is not a parameter of this operation${suggestion(name, Object.keys(shape))}`;
  return sent.filter(([other]) => other === name).length > 1 ? "must be sent once" : undefined;
}

/** A number where the schema wants one: every value in a URL is text. */
const readValue = (text: string, schema: z.core.$ZodType): unknown =>
  /^(?:0|[1-9][0-9]{0,14})$/.test(text) && (schema as z.ZodType).safeParse(Number(text)).success ? Number(text) : text;

/** Which versions If-Match allows; `undefined` where it is no list of entity tags. @see RFC 9110 §13.1.1 */
export function readIfMatch(header: string): ((version: number) => boolean) | undefined {
  if (header === "*") return () => true;
  const tags = header.split(",").map((tag) => tag.trim());
  if (!tags.every((tag) => /^(?:W\/)?"[\x21\x23-\x7e]*"$/.test(tag))) return undefined;
  return (version) => tags.includes(entityTag(version)); // a weak tag never matches
}

/** A strong validator of the row. */
export const entityTag = (version: number): string => `"${version}"`;

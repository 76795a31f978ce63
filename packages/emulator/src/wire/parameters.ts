import type { EmulatorRequest } from "./message.ts";

/**
 * The parameters of a request, read as leniently as real providers do. Empty values are absent; a repeated parameter
 * keeps its first value and is listed in `repeated`.
 */
export type Parameters = {
  get(name: string): string | undefined;
  names: readonly string[];
  repeated: readonly string[];
  malformed: boolean;
};

type Place = "query" | "form" | "json";

/** Reads the places in order. For a name in two places the first wins. */
export function readParameters(request: EmulatorRequest, places: readonly Place[]): Parameters {
  const values = new Map<string, string>();
  const repeated = new Set<string>();
  let malformed = false;
  for (const place of places) {
    const pairs = pairsOf(request, place);
    malformed ||= pairs === undefined;
    const seen = new Set<string>();
    for (const [name, value] of pairs ?? []) {
      if (seen.has(name)) repeated.add(name);
      else if (value !== "" && !values.has(name)) values.set(name, value);
      seen.add(name);
    }
  }
  return { get: (name) => values.get(name), names: [...values.keys()], repeated: [...repeated], malformed };
}

/** undefined if the body is declared as JSON and is not an object. */
function pairsOf(request: EmulatorRequest, place: Place): [string, string][] | undefined {
  if (place === "query") return [...new URLSearchParams(request.query)];
  const isJson = isJsonBody(request);
  if (place === "form") return isJson ? [] : [...new URLSearchParams(request.body)];
  return isJson ? jsonPairs(request.body) : [];
}

/** Whether a body is JSON, by its media type, else by its first character. */
function isJsonBody({ headers, body }: EmulatorRequest): boolean {
  const type = headers["content-type"];
  return type === undefined ? body.trimStart().startsWith("{") : /^application\/(?:[\w.-]+\+)?json\b/i.test(type);
}

function jsonPairs(body: string): [string, string][] | undefined {
  if (body.trim() === "") return [];
  try {
    const read: unknown = JSON.parse(body);
    if (typeof read !== "object" || read === null || Array.isArray(read)) return undefined;
    return Object.entries(read).flatMap(([name, value]): [string, string][] =>
      typeof value === "string" || typeof value === "number" ? [[name, String(value)]] : [],
    );
  } catch {
    return undefined;
  }
}

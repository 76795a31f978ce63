/** Invalid input to the control API. The message names the field. */
export class BadField extends Error {
  override readonly name = "BadField";
}

/** Reads the fields of a JSON object by type. `finish` refuses fields that were not read. */
export type Fields = {
  text(name: string): string | undefined;
  textOrNull(name: string): string | null | undefined;
  number(name: string): number | undefined;
  flag(name: string): boolean | undefined;
  texts(name: string): readonly string[] | undefined;
  oneOf<const T extends string>(name: string, values: readonly T[]): T | undefined;
  need<T>(value: T | undefined, name: string): T;
  finish(): void;
};

export function readFields(body: string): Fields {
  const given = parseObject(body);
  const unread = new Set(Object.keys(given));
  const read = <T>(name: string, what: string, fits: (value: unknown) => value is T): T | undefined => {
    unread.delete(name);
    const value = given[name];
    if (value === undefined || fits(value)) return value;
    throw new BadField(`${name} must be ${what}`);
  };
  return {
    text: (name) => read(name, "a string", (value) => typeof value === "string"),
    textOrNull: (name) => read(name, "a string or null", (value) => typeof value === "string" || value === null),
    number: (name) =>
      read(name, "a number", (value): value is number => typeof value === "number" && Number.isFinite(value)),
    flag: (name) => read(name, "true or false", (value) => typeof value === "boolean"),
    texts: (name) =>
      read(
        name,
        "a list of strings",
        (value): value is string[] => Array.isArray(value) && value.every((one) => typeof one === "string"),
      ),
    oneOf: <T extends string>(name: string, values: readonly T[]) =>
      read(name, `one of ${values.join(", ")}`, (value): value is T => values.includes(value as T)),
    need(value, name) {
      if (value === undefined) throw new BadField(`${name} is missing`);
      return value;
    },
    finish() {
      const [unknown] = unread;
      if (unknown !== undefined) throw new BadField(`${unknown} is unknown here`);
    },
  };
}

function parseObject(body: string): Record<string, unknown> {
  try {
    const read: unknown = body.trim() === "" ? {} : JSON.parse(body);
    if (typeof read === "object" && read !== null && !Array.isArray(read)) return read as Record<string, unknown>;
  } catch {
    // what is no JSON is refused like what is no object
  }
  throw new BadField("the body must be a JSON object");
}

/** Drops members that are undefined. */
export function defined<T extends object>(value: T): { [Name in keyof T]: Exclude<T[Name], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as {
    [Name in keyof T]: Exclude<T[Name], undefined>;
  };
}

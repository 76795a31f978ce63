import { z } from "zod";

/**
 * The schemas with a name, which the OpenAPI document lists as components. They check shapes: types, unknown fields and
 * bounds of lists. What a value must be is checked by the operations, as for the command.
 */
export const namedSchemas = z.registry<{ id: string; description?: string }>();

export function named<T extends z.ZodType>(id: string, schema: T): T {
  namedSchemas.add(schema, { id });
  return schema;
}

/** An object whose unknown fields are refused by name. */
export const object = <const Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z.strictObject(shape, { error: "must be an object" });

export const text = (description: string) => z.string({ error: "must be a string" }).meta({ description });
export const flag = (description: string) => z.boolean({ error: "must be true or false" }).meta({ description });
export const whole = (description: string, least = 0, most = Number.MAX_SAFE_INTEGER) => {
  const error = `must be a whole number from ${least} to ${most}`;
  return z.int({ error }).min(least, error).max(most, error).meta({ description });
};
export const oneOf = <const T extends readonly [string, ...string[]]>(values: T, description: string) =>
  z.enum(values, { error: `must be ${values.join(", ").replace(/, ([^,]*)$/, " or $1")}` }).meta({ description });
export const list = <T extends z.ZodType>(item: T, most: number, description: string) => {
  const error = `must be a list of at most ${most}`;
  return z.array(item, { error }).max(most, error).meta({ description });
};
/** Of an answer. */
export const time = (description: string) => whole(`${description}, in seconds since 1970`);
export const nullable = <T extends z.ZodType>(schema: T, description: string) =>
  z.nullable(schema).meta({ description });

const longestList = 100;

/** The query of every list. */
export const listQuery = {
  limit: whole(`How many to return at most; ${longestList / 2} if absent`, 1, longestList).optional(),
  cursor: text("`next` of the answer before").optional(),
};
export const defaultLimit = longestList / 2;

export const listOf = <T extends z.ZodType>(id: string, item: T) =>
  named(
    id,
    object({
      items: z.array(item).max(longestList),
      next: nullable(text(""), "The `cursor` of the next part; null at the end"),
    }),
  );

export const problem = named(
  "Problem",
  object({
    type: text("The page that explains this kind of problem"),
    title: text("What is wrong"),
    status: whole("The HTTP status", 400, 599),
    detail: text("What to do about it"),
    errors: z
      .array(
        object({
          field: text("The field of the body, as a JSON pointer (RFC 6901)").optional(),
          parameter: text("The parameter in the URL").optional(),
          header: text("The header").optional(),
          expected: text("What it must be, read after its name"),
          value: text("The refused value, shortened; absent for passwords").optional(),
          allowed: z.array(z.string()).meta({ description: "The values that are accepted" }).optional(),
        }),
      )
      .meta({ description: "Every part of the request that is refused" })
      .optional(),
  }),
);

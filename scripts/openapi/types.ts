/** The part of an OpenAPI document that the types of the client are made from. */
type Document = {
  paths: Record<string, Record<string, DocumentedOperation>>;
  components: { schemas: Record<string, Schema> };
};

type DocumentedOperation = {
  operationId: string;
  summary: string;
  parameters?: readonly { name: string; in: string; required?: boolean; description?: string; schema: Schema }[];
  requestBody?: { content: { "application/json": { schema: Schema } } };
  responses: Record<string, { content: Record<string, { schema: Schema }> }>;
};

type Schema = {
  $ref?: string;
  description?: string;
  type?: string;
  const?: unknown;
  enum?: readonly unknown[];
  anyOf?: readonly Schema[];
  oneOf?: readonly Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: readonly string[];
};

/** TypeScript types for every schema, and a table of the operations. */
export function typesOf(document: object): string {
  const { paths, components } = document as Document;
  const schemas = Object.entries(components.schemas).map(([name, schema]) => declare(name, schema));
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  const places = operations.map(
    ({ path, method, operation }) => `  ${operation.operationId}: { method: "${method}", path: "${path}" },`,
  );
  return [
    "// Made from the OpenAPI document of the management API by `npm run api`.",
    ...schemas,
    `/** Every operation: what it is given, and what it answers. */
export type Operations = {
${operations.map(({ operation }) => memberOf(operation)).join("\n")}
};`,
    `/** Where each operation is. */
export const operations = {
${places.join("\n")}
} as const satisfies Record<keyof Operations, { method: string; path: string }>;`,
  ]
    .join("\n\n")
    .concat("\n");
}

const declare = (name: string, schema: Schema): string =>
  `${docOf(schema, "")}export type ${name} = ${typeOf(schema, "")};`;

function memberOf({ operationId, summary, parameters = [], requestBody, responses }: DocumentedOperation): string {
  const query = parameters.filter((parameter) => parameter.in === "query");
  const given = [
    ...(parameters.some((parameter) => parameter.in === "path") ? ["id: string"] : []),
    ...(query.length === 0 ? [] : [`query?: ${queryOf(query)}`]),
    ...(requestBody === undefined ? [] : [`body: ${typeOf(requestBody.content["application/json"].schema, "    ")}`]),
    ...(parameters.some(({ name }) => name === "If-Match") ? ["ifMatch: string"] : []),
    ...(parameters.some(({ name }) => name === "Idempotency-Key") ? ["idempotencyKey?: string"] : []),
  ];
  const [answer] = Object.entries(responses).flatMap(([status, response]) =>
    status.startsWith("2") ? [response.content["application/json"]!.schema] : [],
  );
  return `  /** ${summary}. */
  ${operationId}: { given: { ${given.join("; ")} }; answer: ${typeOf(answer!, "  ")} };`;
}

function queryOf(query: NonNullable<DocumentedOperation["parameters"]>): string {
  const members = query.map(({ name, description = "", schema }) => [name, { ...schema, description }] as const);
  return typeOf({ type: "object", properties: Object.fromEntries(members) }, "    ");
}

function typeOf(schema: Schema, indent: string): string {
  if (schema.$ref !== undefined) return schema.$ref.split("/").at(-1)!;
  const several = schema.anyOf ?? schema.oneOf;
  if (several !== undefined) return several.map((one) => typeOf(one, indent)).join(" | ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  switch (schema.type) {
    case "object":
      return objectOf(schema, indent);
    case "array": {
      const item = typeOf(schema.items!, indent);
      return `readonly ${item.includes("|") ? `(${item})` : item}[]`;
    }
    case "integer":
      return "number";
    default:
      return schema.type!;
  }
}

function objectOf({ properties = {}, required = [] }: Schema, indent: string): string {
  const inner = `${indent}  `;
  const members = Object.entries(properties).map(
    ([name, schema]) =>
      `${docOf(schema, inner)}${inner}${name}${required.includes(name) ? "" : "?"}: ${typeOf(schema, inner)};`,
  );
  return `{\n${members.join("\n")}\n${indent}}`;
}

const docOf = ({ description }: Schema, indent: string): string =>
  description === undefined || description === "" ? "" : `${indent}/** ${description}. */\n`;

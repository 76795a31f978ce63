import { reasons, type Reason } from "@symbolon/protocol";
import { z } from "zod";
import { statusOf } from "../errors.ts";
import { managementScopes } from "./access.ts";
import type { Operation } from "./operation.ts";
import { problemType } from "./problem.ts";
import { namedSchemas } from "./schemas.ts";

/** An operation and where it is reached: a path below the issuer, with `:id` for the id of a row. */
export type PlacedOperation = { path: string; method: string; operation: Operation };

/** The OpenAPI 3.1 document of the management API. `tokenPath`: where its tokens come from, below the issuer. */
export function openApiDocument(
  placed: readonly PlacedOperation[],
  { issuer, tokenPath }: { issuer: string; tokenPath: string },
): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const { path, method, operation } of placed)
    (paths[path.replace(":id", "{id}")] ??= {})[method.toLowerCase()] = describeOperation(path, operation);
  return {
    openapi: "3.1.1",
    info: {
      title: "Symbolon management API",
      version: "1",
      summary: "Manages clients, resource servers, accounts, grants and keys.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: issuer }],
    paths,
    components: {
      schemas: componentSchemas(),
      securitySchemes: {
        token: {
          type: "oauth2",
          description: `Client credentials of \`symbolon admin credentials\`, with \`resource=${issuer}/admin\`.`,
          flows: { clientCredentials: { tokenUrl: `${issuer}${tokenPath}`, scopes: scopeDescriptions } },
        },
      },
    },
  };
}

const scopeDescriptions: Record<(typeof managementScopes)[number], string> = {
  "symbolon:read": "Read everything but secrets",
  "symbolon:write": "Change and delete",
  "symbolon:secrets": "Create and rotate client secrets, passwords and keys",
  "symbolon:sign-in": "Say who signed in, for a login server",
};

const without = (schema: object, names: readonly string[]): object =>
  Object.fromEntries(Object.entries(schema).filter(([name]) => !names.includes(name)));

const reference = (name: string): object => ({ $ref: `#/components/schemas/${name}` });

function componentSchemas(): Record<string, object> {
  const { schemas } = z.toJSONSchema(namedSchemas, { uri: (id) => `#/components/schemas/${id}`, io: "input" });
  const named = Object.entries(schemas).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(named.map(([id, schema]) => [id, without(schema, ["$schema", "$id"])]));
}

function describeOperation(path: string, operation: Operation): object {
  const { id, summary, scope, body, status } = operation;
  return {
    operationId: id,
    summary,
    tags: [path.split("/")[3]!],
    security: [{ token: [scope] }],
    ...list("parameters", [
      ...(path.includes(":id") ? [idParameter] : []),
      ...queryOf(operation),
      ...headersOf(operation),
    ]),
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: { "application/json": { schema: reference(idOf(body)) } } } }),
    responses: {
      [status]: {
        description: "Done",
        ...(operation.hasVersion
          ? { headers: { ETag: { description: "The version", schema: { type: "string" } } } }
          : {}),
        content: { "application/json": { schema: reference(idOf(operation.answer)) } },
      },
      ...refusalsOf(operation),
    },
  };
}

const list = (name: string, members: readonly object[]): object => (members.length === 0 ? {} : { [name]: members });

const idParameter = { name: "id", in: "path", required: true, description: "The id", schema: { type: "string" } };

const idOf = (schema: z.ZodType): string => {
  const entry = namedSchemas.get(schema);
  if (entry === undefined) throw new Error("a body or an answer of the management API has no named schema");
  return entry.id;
};

const queryOf = ({ query }: Operation): object[] =>
  Object.entries(query?.shape ?? {}).map(([name, schema]) => {
    const described = z.toJSONSchema(schema as z.ZodType, { io: "input" });
    const { description } = described;
    return { name, in: "query", description, schema: without(described, ["$schema", "description"]) };
  });

function headersOf({ needsMatch }: Operation): object[] {
  return needsMatch
    ? [
        {
          name: "If-Match",
          in: "header",
          required: true,
          description: "The ETag of what is changed, or *",
          schema: { type: "string" },
        },
      ]
    : [];
}

/** Refusals that every operation may answer. */
const common: readonly Reason[] = [
  "bearer_missing",
  "bearer_malformed",
  "bearer_inactive",
  "management_token_required",
  "management_scope_missing",
  "query_invalid",
  "client_too_fast",
  "store_unavailable",
  "server_overloaded",
  "unexpected",
];
const ofBodies: readonly Reason[] = ["json_malformed", "json_type_required", "body_too_large", "fields_refused"];
const ofMatches: readonly Reason[] = ["match_required", "header_invalid", "record_changed"];

/** By status, with the reasons that it may have. */
export function refusalsOf({ body, needsMatch, refusals }: Operation): Record<string, object> {
  const all = new Set([...common, ...(body ? ofBodies : []), ...(needsMatch ? ofMatches : []), ...refusals]);
  const byStatus: Record<string, object> = {};
  for (const status of [...new Set([...all].map((reason) => statusOf({ reason })))].sort()) {
    const here = [...all].filter((reason) => statusOf({ reason }) === status);
    byStatus[status] = {
      description: here.map((reason) => `\`${reason}\`: ${reasons[reason].message}`).join("\n"),
      content: { [problemType]: { schema: reference("Problem") } },
    };
  }
  return byStatus;
}

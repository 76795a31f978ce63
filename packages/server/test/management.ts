import type { Scope } from "@symbolon/protocol";
import { managementResource, managementScopes } from "../src/management/access.ts";
import { post } from "./flows.ts";
import { basic, type World } from "./world.ts";

/** A client of the management API with the secret of all test clients. */
export const addManagementClient = (world: World, id: string, scope: Scope = managementScopes) =>
  world.addApplication(id, { scope, redirectUris: [], authMethod: null });

/** An access token for the management API. */
export async function managementToken(world: World, id: string, scope?: string): Promise<string> {
  const form = { grant_type: "client_credentials", resource: managementResource(world.deps.config) };
  const answer = await post(world, "/oauth/token", scope === undefined ? form : { ...form, scope }, {
    authorization: basic(id),
  });
  if (answer.status !== 200) throw new Error(answer.body);
  return answer.json().access_token as string;
}

export type ManagementAnswer = {
  status: number;
  headers: Record<string, string | string[] | number | undefined>;
  body: string;
  json: () => Record<string, unknown>;
};

/** Sends one request to the management API. `body` is sent as JSON, a string as it is. */
export async function manage(
  world: World,
  token: string | undefined,
  method: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS",
  path: string,
  body?: object | string,
  headers: Record<string, string> = {},
): Promise<ManagementAnswer> {
  const answer = await world.app.inject({
    method,
    url: `/admin/v1${path}`,
    headers: {
      host: "localhost:8787",
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { payload: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  return {
    status: answer.statusCode,
    headers: answer.headers,
    body: answer.body,
    json: () => JSON.parse(answer.body) as Record<string, unknown>,
  };
}

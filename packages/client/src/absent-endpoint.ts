import type { Application } from "./application.ts";
import { called } from "./arguments.ts";
import { invalid } from "./http/exchange.ts";
import type { Endpoints } from "./profile.ts";
import type { Failure } from "./result.ts";

/**
 * `invalid_request` where neither the profile nor the application has the endpoint: plainer than what `endpointOf`
 * says.
 */
export const absentEndpoint = (
  { endpoints, ...app }: Application,
  name: keyof Endpoints,
  operation: string,
): Failure | undefined =>
  (endpoints?.[name] ?? app.profile.endpoints[name]) === undefined
    ? invalid(called(app, operation), `endpoints.${name}`, "is missing: the profile has none")
    : undefined;

import { getApplication, listApplications } from "../management/applications.ts";
import type { Operation } from "../management/operation.ts";

/** A path of the management API, below the issuer, and its operations. `:id` matches one segment. */
export type ManagementRoute = { path: string } & Partial<Record<ManagementMethod, Operation>>;

export const managementMethods = ["GET", "POST", "PATCH", "DELETE"] as const;
export type ManagementMethod = (typeof managementMethods)[number];

/** The largest body of every operation, in bytes. */
export const managementBodyLimit = 32 * 1024;

/** Where the OpenAPI document is. It needs no token: the repository has it too. */
export const openApiPath = "/admin/v1/openapi.json";

/** What has the paths of no operation is answered 404. */
export const managementRest = "/admin/*";

/** Every endpoint of the management API. The OpenAPI document is derived from this table. */
export const managementRoutes: readonly ManagementRoute[] = [
  { path: "/admin/v1/applications", GET: listApplications },
  { path: "/admin/v1/applications/:id", GET: getApplication },
];

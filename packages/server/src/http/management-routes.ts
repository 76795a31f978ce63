import { getApplication, listApplications } from "../management/applications.ts";
import { completeSignIn, getSignIn, refuseSignIn } from "../management/sign-ins.ts";
import {
  endSubjectOperation,
  endSubjectSessionsOperation,
  resumeSubjectOperation,
  suspendSubjectOperation,
} from "../management/subjects.ts";
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
  { path: "/admin/v1/sign-ins/:id", GET: getSignIn },
  { path: "/admin/v1/sign-ins/:id/complete", POST: completeSignIn },
  { path: "/admin/v1/sign-ins/:id/refuse", POST: refuseSignIn },
  { path: "/admin/v1/subjects/:id/sessions", DELETE: endSubjectSessionsOperation },
  { path: "/admin/v1/subjects/:id/suspend", POST: suspendSubjectOperation },
  { path: "/admin/v1/subjects/:id/resume", POST: resumeSubjectOperation },
  { path: "/admin/v1/subjects/:id/end", POST: endSubjectOperation },
];

import type { Secret } from "../application.ts";
import { errorSource, invalidArgument } from "../check-arguments.ts";
import { mapResult, type Result } from "../result.ts";
import { requestTokens } from "../token/request-tokens.ts";
import { readAuthentication, type Authentication } from "./authentication.ts";
import { withApiVersion, type GustoApplication, type GustoCall } from "./settings.ts";

/** Arguments of `gustoSystemAccess`. */
export type GustoSystemAccessRequest = GustoCall & {
  /** Default: the application's. */
  clientId?: string | undefined;
  /** Default: the application's. */
  clientSecret?: Secret | undefined;
};

/**
 * A token for the application itself (grant type `system_access`). It has no refresh token and no scope, and gives no
 * access to data of a company or an employee.
 */
export async function gustoSystemAccess(
  app: GustoApplication,
  request: GustoSystemAccessRequest = {},
): Promise<Result<Authentication>> {
  request = { ...request };
  const operation = "systemAccess";
  const source = errorSource(app, operation);
  const { clientId = app.clientId, clientSecret = app.clientSecret } = request;
  const invalid = invalidArgument(source, { clientId, clientSecret });
  if (invalid !== undefined) return invalid;
  const call = withApiVersion(app, operation, request);
  if (!call.ok) return call;
  const reply = await requestTokens(
    app,
    { operation, parameters: { grantType: "system_access" }, repeatable: true },
    call.value,
  );
  return mapResult(reply, readAuthentication);
}

import type { Secret } from "../application.ts";
import { called, unfit } from "../arguments.ts";
import { mapped, type Result } from "../result.ts";
import { requestTokens } from "../token/request-tokens.ts";
import { authenticationOf, type Authentication } from "./authentication.ts";
import { versioned, type GustoApplication, type GustoCall } from "./settings.ts";

export type GustoSystemAccessRequest = GustoCall & { clientId?: string; clientSecret?: Secret };

/**
 * A token for the application itself (`system_access`): no refresh token, no scope, no company's or employee's data.
 */
export async function gustoSystemAccess(
  app: GustoApplication,
  request: GustoSystemAccessRequest = {},
): Promise<Result<Authentication>> {
  request = { ...request };
  const operation = "systemAccess";
  const { clientId = app.clientId, clientSecret = app.clientSecret } = request;
  const wrong = unfit(called(app, operation), { clientId, clientSecret });
  if (wrong !== undefined) return wrong;
  const call = versioned(app, operation, request);
  if (!call.ok) return call;
  const granted = await requestTokens(
    app,
    { operation, parameters: { grantType: "system_access" }, repeatable: true },
    call.value,
  );
  return mapped(granted, authenticationOf);
}

import { resolveAccessToken } from "../bearer.ts";
import { checkApplication, errorSource, reveal } from "../check-arguments.ts";
import { invalidRequest } from "../errors/failures.ts";
import type { Result } from "../result.ts";
import { tokenInfo, type TokenInfoBasics, type TokenInfoRequest } from "../token-info/token-info.ts";
import { withApiVersion, type GustoApplication, type GustoCall } from "./settings.ts";

/** The documented values; others are passed on. */
export type GustoResourceType = "Company" | "Oauth::Application" | (string & {});
/** The documented values; others are passed on. */
export type GustoOwnerType = "CompanyAdmin" | "Employee" | "Contractor" | (string & {});

/** What Gusto tells the bearer of a token about it. */
export type GustoTokenInfo = TokenInfoBasics & {
  /** `uuid` is the company of the token. For a system access token the type is `Oauth::Application`. */
  resource?: { type?: GustoResourceType; uuid?: string } | null;
  /** Null for a system access token. */
  resourceOwner?: { type?: GustoOwnerType; uuid?: string } | null;
};

/** Arguments of `gustoGetInfo`. */
export type GustoGetInfoRequest = GustoCall & TokenInfoRequest;

/**
 * Gusto's operation `introspection.get_info` (`GET /v1/token_info`): which company an access token belongs to, and its
 * scope. Fails with `access_token_expired`.
 */
export async function gustoGetInfo(
  app: GustoApplication,
  request: GustoGetInfoRequest = {},
): Promise<Result<GustoTokenInfo>> {
  request = { ...request };
  const operation = "introspection.getInfo";
  const call = withApiVersion(checkApplication(app, operation), operation, request);
  if (!call.ok) return call;
  const resolved = await resolveAccessToken(app, request, operation);
  if (!resolved.ok) return resolved;
  const accessToken = resolved.value;
  if (accessToken === undefined || reveal(accessToken) === "")
    return invalidRequest(
      errorSource(app, operation),
      "accessToken",
      "is missing: pass companyAccessAuth, or set GUSTO_COMPANY_ACCESS_AUTH",
    );
  return await tokenInfo(app, { ...call.value, accessToken }, operation);
}

import { called, reveal } from "../arguments.ts";
import { accessTokenOf } from "../bearer.ts";
import { invalid } from "../http/exchange.ts";
import type { Result } from "../result.ts";
import { tokenInfo, type TokenInfo, type TokenInfoRequest } from "../token-info/token-info.ts";
import { versioned, type GustoApplication, type GustoCall } from "./settings.ts";

/** Values that are known; others pass too. */
export type GustoResourceType = "Company" | "Oauth::Application" | (string & {});
export type GustoOwnerType = "CompanyAdmin" | "Employee" | "Contractor" | (string & {});

/** `resource.uuid` is the company of the token. A system token has an `Oauth::Application` and no owner. */
export type GustoTokenInfo = Omit<TokenInfo, "resource" | "resourceOwner"> & {
  resource?: { type?: GustoResourceType; uuid?: string } | null;
  resourceOwner?: { type?: GustoOwnerType; uuid?: string } | null;
};

/** Seed operation `introspection.get_info`: `GET /v1/token_info`, what the current access token is good for. */
export async function gustoGetInfo(
  app: GustoApplication,
  ask: GustoCall & TokenInfoRequest = {},
): Promise<Result<GustoTokenInfo>> {
  ask = { ...ask };
  const operation = "introspection.getInfo";
  const call = versioned(app, operation, ask);
  if (!call.ok) return call;
  const own = await accessTokenOf(app, ask, operation);
  if (!own.ok) return own;
  const accessToken = own.value;
  if (accessToken === undefined || reveal(accessToken) === "")
    return invalid(
      called(app, operation),
      "accessToken",
      "is missing: give companyAccessAuth, or set GUSTO_COMPANY_ACCESS_AUTH",
    );
  return await tokenInfo(app, { ...call.value, accessToken }, operation);
}

import { markAssumptions } from "../../provider/assumption.ts";
import { issuePair, openGrant } from "../../provider/issue.ts";
import { tokenAnswer } from "../token-answer.ts";
import { tokenError } from "./errors.ts";
import type { GrantHandler } from "./grant-handler.ts";

/**
 * Exchanges a legacy token for several companies (issued before 2023-05) for a token of one company. The legacy grant
 * loses that company when the new token is first used.
 */
export const strictAccess: GrantHandler = (parameters, { clientId }, request, provider, settings) => {
  if (settings.strictAccess === "unsupported")
    return tokenError(settings, "unsupported_grant_type", "strict_access is not supported");
  const presented = parameters.get("refresh_token");
  if (presented === undefined)
    return markAssumptions(tokenError(settings, "invalid_request", "refresh_token is missing"), "gusto-strict-access");
  const legacy = provider.refreshTokens.get(presented)?.grant;
  const companies = legacy?.clientId === clientId && legacy.ended === null ? legacy.legacyResources : undefined;
  const wanted = parameters.get("company_uuid");
  const resource = wanted === undefined ? companies?.[0] : companies?.find(({ id }) => id === wanted);
  if (legacy === undefined || resource === undefined)
    return markAssumptions(
      tokenError(settings, "invalid_grant", "this is not a token of several companies, or not of that one"),
      "gusto-strict-access",
    );
  const grant = openGrant(provider, { clientId, person: legacy.person, resource, scope: legacy.scope });
  grant.exchangedFrom = legacy;
  return markAssumptions(
    tokenAnswer(
      provider,
      { grant, pair: issuePair(provider, grant, { parent: null, withRefreshToken: true }) },
      request,
    ),
    "gusto-strict-access",
  );
};

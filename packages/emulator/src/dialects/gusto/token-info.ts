import { markAssumptions } from "../../provider/assumption.ts";
import { json, type EmulatorResponse } from "../../wire/message.ts";
import { authenticated } from "./bearer.ts";
import { forbidden } from "./errors.ts";
import type { GustoSettings } from "./settings.ts";

const contentType = { "content-type": "application/json; charset=utf-8" };

/**
 * GET /v1/token_info. Always returns all three keys, with null if there is no value: older client schemas require
 * them.
 */
export const tokenInfo = (settings: GustoSettings) =>
  authenticated(settings, null, ({ held: { grant } }, _ask, provider): EmulatorResponse => {
    const { tokenInfoScope } = settings;
    if (tokenInfoScope !== null && !grant.scope.includes(tokenInfoScope))
      return forbidden(settings, `The scope ${tokenInfoScope} was not granted`);
    const isSystem = grant.person === null;
    const resource = isSystem
      ? { type: "Oauth::Application", uuid: provider.seed.uuid(`application ${grant.clientId}`) }
      : grant.resource && { type: "Company", uuid: grant.resource.id };
    const body = {
      scope: grant.scope.join(" "),
      resource,
      resource_owner: grant.person && { type: "CompanyAdmin", uuid: grant.person.id },
    };
    return markAssumptions(json(200, body, contentType), "gusto-token-info-scope");
  });

/** GET /v1/me: how clients learned the company before token info existed. */
export const me = (settings: GustoSettings) =>
  authenticated(settings, null, ({ held: { grant } }): EmulatorResponse => {
    const companies = (grant.legacyResources ?? [grant.resource]).flatMap((one) =>
      one === null ? [] : [{ uuid: one.id, name: one.name, trade_name: one.name }],
    );
    const email = `${grant.person?.name.toLowerCase() ?? "application"}@example.com`;
    return json(200, { uuid: grant.person?.id ?? null, email, roles: { payroll_admin: { companies } } }, contentType);
  });

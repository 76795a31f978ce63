import { openGrant, issuePair } from "../../provider/issue.ts";
import { json, type EmulatorResponse } from "../../wire/message.ts";
import { authenticated } from "./bearer.ts";
import { errors, forbidden, notFound } from "./errors.ts";
import type { GustoSettings } from "./settings.ts";

const contentType = { "content-type": "application/json; charset=utf-8" };

/** GET /v1/companies/{uuid}: the one API resource that a company token can read here. */
export const company = (settings: GustoSettings) =>
  authenticated(settings, "companies:read", ({ held: { grant } }, request): EmulatorResponse => {
    if (grant.person === null) return forbidden(settings, "A system token is not for company data");
    const uuid = request.path.split("/").at(-1);
    const found = [...(grant.legacyResources ?? []), ...(grant.resource === null ? [] : [grant.resource])].find(
      ({ id }) => id === uuid,
    );
    return found === undefined ? notFound(request.path) : json(200, { uuid: found.id, name: found.name }, contentType);
  });

/** POST /v1/partner_managed_companies: a system token creates a company and receives its first pair. */
export const partnerManagedCompanies = (settings: GustoSettings) =>
  authenticated(settings, null, ({ held: { grant } }, request, provider): EmulatorResponse => {
    if (grant.person !== null) return forbidden(settings, "A system token is required");
    const asked = readCompany(request.body);
    if (asked === undefined)
      return errors(422, "invalid_attribute_value", "company.name and user.email are required", "company.name", {
        entity_type: "Company",
      });
    if (provider.people.some(({ resources }) => resources.some(({ name }) => name === asked.name)))
      return errors(422, "duplicate_operation", `There is a company ${asked.name} already`, "company.name", {
        entity_type: "Company",
      });
    const resource = { id: provider.seed.uuid(`company ${asked.name}`), name: asked.name };
    const person = { id: provider.seed.uuid(`person ${asked.email}`), name: asked.email, resources: [resource] };
    provider.people.push(person);
    const opened = openGrant(provider, {
      clientId: grant.clientId,
      person,
      resource,
      scope: provider.applications.get(grant.clientId)?.scope ?? provider.profile.dialect.scopes,
    });
    const pair = issuePair(provider, opened, { parent: null, withRefreshToken: true });
    return json(
      200,
      {
        access_token: pair.accessToken,
        refresh_token: pair.refreshToken,
        company_uuid: resource.id,
        expires_in: pair.accessExpiresAt - pair.issuedAt,
      },
      contentType,
    );
  });

function readCompany(body: string): { name: string; email: string } | undefined {
  try {
    const { company: about, user } = JSON.parse(body) as { company?: { name?: unknown }; user?: { email?: unknown } };
    return typeof about?.name === "string" && typeof user?.email === "string"
      ? { name: about.name, email: user.email }
      : undefined;
  } catch {
    return undefined;
  }
}

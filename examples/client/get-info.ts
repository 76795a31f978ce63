import { createGusto } from "@symbolon/client";

/** Which company an access token belongs to, and its scopes. */
export async function getCompany(companyAccessAuth: string, baseUrl: string) {
  const gusto = createGusto({ baseUrl, companyAccessAuth });
  const { resource, scopes } = await gusto.introspection.getInfo();
  return { company: resource?.uuid, scopes };
}

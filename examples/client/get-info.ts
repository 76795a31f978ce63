import { createGusto } from "@symbolon/client";

/** Which company a token belongs to, and what it may do there. */
export async function companyOf(companyAccessAuth: string, baseUrl: string) {
  const gusto = createGusto({ baseUrl, companyAccessAuth });
  const { resource, scopes } = await gusto.introspection.getInfo();
  return { company: resource?.uuid, scopes };
}

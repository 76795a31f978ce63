import { hear } from "./heard.ts";
import { Unavailable, type Endpoints, type Subject, type SubjectOptions } from "./subject.ts";
import type { World } from "./world.ts";

/** The endpoints: the given ones, else those of the metadata document. @see RFC 8414 §3 */
export async function discover(
  { issuer, endpoints: named = {} }: SubjectOptions,
  world: World,
): Promise<{ endpoints: Endpoints; metadata: Subject["metadata"] }> {
  const heard = await hear(await world.fetch(metadataUrl(issuer), { redirect: "manual" }));
  const metadata =
    heard.status === 200 && Object.keys(heard.json).length > 0 ? { document: heard.json, heard } : undefined;
  const find = (name: keyof Endpoints): string | undefined => {
    const found = metadata?.document[`${name}_endpoint`];
    return named[name] ?? (typeof found === "string" ? found : undefined);
  };
  const [authorization, token] = [find("authorization"), find("token")];
  if (authorization === undefined || token === undefined)
    throw new Unavailable(`${metadataUrl(issuer).href} names no authorization and token endpoint; name them yourself`);
  return {
    endpoints: { authorization, token, introspection: find("introspection"), revocation: find("revocation") },
    metadata,
  };
}

/** Inserts the well-known path between the host and the path of the issuer. */
export function metadataUrl(issuer: string): URL {
  const url = new URL(issuer);
  url.pathname = `/.well-known/oauth-authorization-server${url.pathname === "/" ? "" : url.pathname}`;
  return url;
}

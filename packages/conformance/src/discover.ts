import { BodyTooLarge, readResponse, type ReceivedResponse } from "./received-response.ts";
import { Unavailable, type Endpoints, type Subject, type SubjectOptions } from "./subject.ts";
import type { World } from "./world.ts";

/** The endpoints: the given ones, else those of the metadata document. @see RFC 8414 §3 */
export async function discover(
  { issuer, endpoints: named = {} }: SubjectOptions,
  world: World,
): Promise<{ endpoints: Endpoints; metadata: Subject["metadata"] }> {
  const received = await readMetadata(metadataUrl(issuer), world);
  const metadata =
    received.status === 200 && Object.keys(received.json).length > 0
      ? { document: received.json, response: received }
      : undefined;
  const find = (name: keyof Endpoints): string | undefined => {
    const found = metadata?.document[`${name}_endpoint`];
    return named[name] ?? (typeof found === "string" ? found : undefined);
  };
  const [authorization, token] = [find("authorization"), find("token")];
  if (authorization === undefined || token === undefined)
    throw new Unavailable(
      `${metadataUrl(issuer).href} ${describeAnswer(received)} and names no authorization and token endpoint.`,
    );
  return {
    endpoints: { authorization, token, introspection: find("introspection"), revocation: find("revocation") },
    metadata,
  };
}

/** The metadata document is read within this time, its body included. */
const deadlineMs = 10_000;

async function readMetadata(url: URL, world: World): Promise<ReceivedResponse> {
  const deadline = AbortSignal.timeout(deadlineMs);
  try {
    return await readResponse(await world.fetch(url, { redirect: "manual", signal: deadline }));
  } catch (error) {
    if (error instanceof BodyTooLarge) throw new Unavailable(`${url.href}: ${error.message}.`);
    if (deadline.aborted)
      throw new Unavailable(`${url.href} did not answer in full within ${deadlineMs / 1000} seconds.`);
    throw error;
  }
}

function describeAnswer({ status, headers, json }: ReceivedResponse): string {
  const location = headers.get("location");
  if (status >= 300 && status < 400 && location !== null) return `redirects to ${location.slice(0, 200)}`;
  return status === 200 && Object.keys(json).length === 0 ? "answers 200 without a JSON object" : `answers ${status}`;
}

/** Inserts the well-known path between the host and the path of the issuer. */
export function metadataUrl(issuer: string): URL {
  const url = new URL(issuer);
  url.pathname = `/.well-known/oauth-authorization-server${url.pathname === "/" ? "" : url.pathname}`;
  return url;
}

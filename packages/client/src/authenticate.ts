import type { ClientAuthentication } from "./profile.ts";
import { formEncode } from "./http/masks.ts";

/** What authenticates in a request: headers, parameters of the body, and what of it must not be printed. */
export type Proof = {
  headers?: Record<string, string>;
  parameters?: Record<string, string>;
  secrets: readonly string[];
};

/** By `authorization` where that is given, else as the client. @see RFC 6749 §2.3.1 */
export function authenticate(
  style: ClientAuthentication,
  client_id: string,
  secret: string | undefined,
  authorization?: string,
): Proof {
  if (authorization !== undefined)
    return { headers: { authorization }, secrets: [authorization.replace(/^\w+ +/, "")] };
  if (secret === undefined || style === "none") return { parameters: { client_id }, secrets: [] };
  if (style === "client_secret_post" || style === "client_secret_json")
    return { parameters: { client_id, client_secret: secret }, secrets: [secret] };
  const pair = [client_id, secret].map(style === "basic_raw" ? String : formEncode).join(":");
  const credentials = btoa(String.fromCharCode(...new TextEncoder().encode(pair)));
  return { headers: { authorization: `Basic ${credentials}` }, secrets: [secret, credentials] };
}

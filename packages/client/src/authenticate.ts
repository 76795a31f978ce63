import type { ClientAuthentication } from "./profile.ts";
import { formEncode } from "./http/masks.ts";

/** What authenticates a request: headers, body parameters, and which of it must be masked. */
export type ClientProof = {
  headers?: Record<string, string>;
  parameters?: Record<string, string>;
  secrets: readonly string[];
};

/** Authenticates by `authorization` if it is given, else as the client. @see RFC 6749 §2.3.1 */
export function authenticate(
  style: ClientAuthentication,
  client_id: string,
  secret: string | undefined,
  authorization?: string,
): ClientProof {
  if (authorization !== undefined)
    return { headers: { authorization }, secrets: [authorization.replace(/^\w+ +/, "")] };
  if (secret === undefined || style === "none") return { parameters: { client_id }, secrets: [] };
  if (style === "client_secret_post" || style === "client_secret_json")
    return { parameters: { client_id, client_secret: secret }, secrets: [secret] };
  const pair = [client_id, secret].map(style === "basic_raw" ? String : formEncode).join(":");
  const credentials = btoa(String.fromCharCode(...new TextEncoder().encode(pair)));
  return { headers: { authorization: `Basic ${credentials}` }, secrets: [secret, credentials] };
}

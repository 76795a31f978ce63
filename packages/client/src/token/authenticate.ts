import type { ClientAuthentication } from "../profile.ts";
import { formEncode } from "../http/masks.ts";

/** What authenticates a client in a request: headers, parameters of the body, and what of it must not be printed. */
export type Proof = { headers: Record<string, string>; parameters: Record<string, string>; secrets: string[] };

/** @see RFC 6749 §2.3.1 */
export function authenticate(style: ClientAuthentication, clientId: string, secret: string | undefined): Proof {
  if (secret === undefined || style === "none") return { headers: {}, parameters: { client_id: clientId }, secrets: [] };
  if (style === "client_secret_post" || style === "client_secret_json") return { headers: {}, parameters: { client_id: clientId, client_secret: secret }, secrets: [secret] };
  const [id, password] = style === "basic_raw" ? [clientId, secret] : [formEncode(clientId), formEncode(secret)];
  const credentials = base64(`${id}:${password}`);
  return { headers: { authorization: `Basic ${credentials}` }, parameters: {}, secrets: [secret, credentials] };
}

const base64 = (text: string): string => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

import type { EmulatorRequest } from "./message.ts";
import type { Parameters } from "./parameters.ts";

/** Presented client credentials. `secret` is absent if only the client_id was sent. */
export type Presented = { id: string; secret?: string; via: "basic" | "body" };

/**
 * All credentials in a request, in the order in which they are tried: HTTP Basic as sent, Basic form-decoded (some
 * libraries encode even `-` and `_`), then the body. Other Authorization schemes are ignored.
 */
export function readCredentials(request: EmulatorRequest, parameters: Parameters): Presented[] {
  const basic = readBasic(request);
  const id = parameters.get("client_id") ?? parameters.get("clientId");
  const secret = parameters.get("client_secret");
  const body: Presented[] = id === undefined ? [] : [{ id, ...(secret === undefined ? {} : { secret }), via: "body" }];
  return [...(basic === "malformed" || basic === undefined ? [] : basic), ...body];
}

/** undefined without a Basic header. */
export function readBasic({ headers }: EmulatorRequest): Presented[] | "malformed" | undefined {
  const encoded = /^basic(?: +(.*))?$/i.exec(headers["authorization"] ?? "");
  if (encoded === null) return undefined;
  const text = Buffer.from(encoded[1] ?? "", "base64").toString("utf8");
  const colon = text.indexOf(":");
  if (colon < 1 || colon === text.length - 1) return "malformed";
  const [id, secret] = [text.slice(0, colon), text.slice(colon + 1)];
  const decoded = { id: formDecoded(id), secret: formDecoded(secret) };
  const raw: Presented = { id, secret, via: "basic" };
  return decoded.id === id && decoded.secret === secret ? [raw] : [raw, { ...decoded, via: "basic" }];
}

function formDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}

/** The token of `Authorization: Bearer …`, in any format. */
export const readBearer = ({ headers }: EmulatorRequest): string | undefined =>
  /^bearer +(\S.*)$/i.exec(headers["authorization"] ?? "")?.[1]?.trim();

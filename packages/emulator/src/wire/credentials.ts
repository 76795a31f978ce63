import type { Ask } from "./message.ts";
import type { Parameters } from "./parameters.ts";

/** Who a client says it is. `secret` is absent where it names itself only. */
export type Presented = { id: string; secret?: string; via: "basic" | "body" };

/**
 * Every reading of the credentials in a request, likeliest first: Basic as it stands, then form-decoded (some libraries
 * encode even `-` and `_`), then the body. The server takes the first that is right. An Authorization header of another
 * scheme is no client's.
 */
export function readCredentials(ask: Ask, parameters: Parameters): Presented[] {
  const basic = readBasic(ask);
  const id = parameters.get("client_id") ?? parameters.get("clientId");
  const secret = parameters.get("client_secret");
  const body: Presented[] = id === undefined ? [] : [{ id, ...(secret === undefined ? {} : { secret }), via: "body" }];
  return [...(basic === "malformed" || basic === undefined ? [] : basic), ...body];
}

/** `undefined` where there is no Basic header. */
export function readBasic({ headers }: Ask): Presented[] | "malformed" | undefined {
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

/** The token of `Authorization: Bearer …`, whatever it looks like. */
export const readBearer = ({ headers }: Ask): string | undefined =>
  /^bearer +(\S.*)$/i.exec(headers["authorization"] ?? "")?.[1]?.trim();

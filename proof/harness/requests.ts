import { redirectUri, verifier } from "./population.ts";
import type { Credentials } from "./registration.ts";

/**
 * The text of a form post that authenticates by Basic. Values must need no escaping, as tokens do not.
 * @see RFC 6749 §2.3.1
 */
export function formPost(port: number, path: string, { id, secret }: Credentials, form: string): string {
  const basic = Buffer.from(`${id}:${secret}`).toString("base64");
  const head = [
    `POST ${path} HTTP/1.1`,
    `host: 127.0.0.1:${port}`,
    `authorization: Basic ${basic}`,
    "content-type: application/x-www-form-urlencoded",
    `content-length: ${form.length}`,
  ];
  return `${head.join("\r\n")}\r\n\r\n${form}`;
}

const redemption = `code_verifier=${verifier}&redirect_uri=${encodeURIComponent(redirectUri)}`;

/** Redeems a code of `offerCodes`. */
export const redeemRequest = (port: number, client: Credentials, code: string): string =>
  formPost(port, "/oauth/token", client, `grant_type=authorization_code&code=${code}&${redemption}`);

export const refreshRequest = (port: number, client: Credentials, refreshToken: string): string =>
  formPost(port, "/oauth/token", client, `grant_type=refresh_token&refresh_token=${refreshToken}`);

export const revokeRequest = (port: number, client: Credentials, token: string): string =>
  formPost(port, "/oauth/revoke", client, `token=${token}`);

export const introspectRequest = (port: number, resourceServer: Credentials, token: string): string =>
  formPost(port, "/oauth/introspect", resourceServer, `token=${token}`);

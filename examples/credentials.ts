/** The id and secret that `symbolon app create` or `symbolon resource-server create` printed. */
export type Credentials = { client_id: string; client_secret: string };

/** The Authorization header of a client: id and secret form-encoded, joined, in base64 (RFC 6749 §2.3.1). */
export const basic = ({ client_id, client_secret }: Credentials): string =>
  `Basic ${btoa(`${encodeURIComponent(client_id)}:${encodeURIComponent(client_secret)}`)}`;

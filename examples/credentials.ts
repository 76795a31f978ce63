/** What `symbolon app create` or `symbolon resource-server create` printed. */
export type Credentials = { client_id: string; client_secret: string };

/** RFC 6749 §2.3.1: both halves form-encoded, then base64. */
export const basic = ({ client_id, client_secret }: Credentials): string =>
  `Basic ${btoa(`${encodeURIComponent(client_id)}:${encodeURIComponent(client_secret)}`)}`;

import type { Form } from "@symbolon/protocol";

/** What an operation needs from an HTTP request. */
export type FormRequest = {
  form: Form;
  /** The Authorization header, unparsed. */
  authorization: string | undefined;
  /** The address of the client, of IPv6 the first 64 bits. For counting failures only. */
  network: string;
  /** The path, for events. */
  endpoint: string;
};

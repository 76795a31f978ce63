import type { Form } from "@symbolon/protocol";

/** What an operation needs to know of an HTTP request; http/ makes it. */
export type FormRequest = {
  form: Form;
  /** The Authorization header as it came. */
  authorization: string | undefined;
  /** The address of the peer, IPv6 cut to its /64: for counting failures, never for trust. */
  network: string;
  /** The path, for events. */
  endpoint: string;
};

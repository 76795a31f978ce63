import { parseForm } from "@symbolon/protocol";
import { withoutUndefined } from "../without-undefined.ts";

/** The parameters of an authorization response. */
export type CallbackParameters = {
  /** The authorization code. */
  code?: string;
  /** The `state` of the request that this answers. */
  state?: string;
  /** The issuer that answered (RFC 9207). */
  iss?: string;
  /** Why there is no code, such as `access_denied`. */
  error?: string;
  /** The explanation, where the provider sends one. */
  errorDescription?: string;
  /** A page about the error. */
  errorUri?: string;
};

const known = new Set(["code", "state", "iss", "error", "error_description", "error_uri"]);

/**
 * Reads the query of a redirect: from a whole URL, a path with a query, or a query alone. The fragment is ignored
 * (Fitbit appends `#_=_`), and so are unknown parameters. Undefined if a known one is repeated or percent-encoding is
 * broken. Checks nothing else: `finishAuthorization` does.
 * @see RFC 6749 §4.1.2, §3.1
 */
export function readCallback(callback: string | URL): CallbackParameters | undefined {
  const [url = ""] = String(callback).split("#");
  const mark = url.indexOf("?");
  const form = parseForm(mark >= 0 ? url.slice(mark + 1) : url.includes("=") ? url : "", known);
  if (!form.ok) return undefined;
  const parameter = (name: string) => form.value.get(name);
  return withoutUndefined({
    code: parameter("code"),
    state: parameter("state"),
    iss: parameter("iss"),
    error: parameter("error"),
    errorDescription: parameter("error_description"),
    errorUri: parameter("error_uri"),
  });
}

import { parseForm } from "@symbolon/protocol";
import { present } from "../present.ts";

/** What came back in the redirect. */
export type CallbackAnswer = {
  code?: string;
  state?: string;
  iss?: string;
  error?: string;
  errorDescription?: string;
  errorUri?: string;
};

/**
 * Reads the query of a redirect: a whole URL, a path with its query, or the query alone. The fragment is not looked at
 * (Fitbit appends `#_=_`). A repeated parameter or a broken escape answers undefined. @see RFC 6749 §4.1.2, §3.1
 */
export function readCallback(callback: string | URL): CallbackAnswer | undefined {
  const [url = ""] = String(callback).split("#");
  const mark = url.indexOf("?");
  const form = parseForm(mark >= 0 ? url.slice(mark + 1) : url.includes("=") ? url : "");
  if (!form.ok) return undefined;
  const text = (name: string) => form.value.get(name);
  return present({
    code: text("code"),
    state: text("state"),
    iss: text("iss"),
    error: text("error"),
    errorDescription: text("error_description"),
    errorUri: text("error_uri"),
  });
}

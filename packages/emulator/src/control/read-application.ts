import type { ApplicationAsk } from "../provider/application.ts";
import { defined, readFields } from "./fields.ts";

/**
 * An application as a file or the control API spells it: every field optional, `clientSecret: null` for a public one.
 */
export function readApplication(json: string): ApplicationAsk {
  const fields = readFields(json);
  const ask = defined({
    clientId: fields.text("clientId"),
    clientSecret: fields.textOrNull("clientSecret"),
    name: fields.text("name"),
    redirectUris: fields.texts("redirectUris"),
    scope: fields.texts("scope"),
    type: fields.oneOf("type", ["server", "client", "personal"]),
    readWrite: fields.flag("readWrite"),
    minimumApiVersion: fields.textOrNull("minimumApiVersion"),
  });
  fields.finish();
  return ask;
}

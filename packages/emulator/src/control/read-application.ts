import type { ApplicationAsk } from "../provider/application.ts";
import { defined, readFields } from "./fields.ts";

/**
 * Reads an application from a file or the control API. Every field is optional; `clientSecret: null` makes a public
 * client.
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

import type { ApplicationOptions } from "../provider/application.ts";
import { defined, readFields } from "./fields.ts";

/**
 * Reads an application from a file or the control API. Every field is optional; `clientSecret: null` makes a public
 * client.
 */
export function readApplication(json: string): ApplicationOptions {
  const fields = readFields(json);
  const request = defined({
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
  return request;
}

import { randomBytes } from "node:crypto";
import { Agent } from "node:http";
import { sendTo } from "../harness/send.ts";
import { atRate, type Flood } from "./flood.ts";
import { basicOf, usualClients } from "./good-clients.ts";

/**
 * V8 hashes a text of more than 16,383 characters by its length alone: as keys of a Map, such texts of one length make
 * each look-up compare with all others.
 */
const longest = 20_000;

export const longIds: Flood = {
  name: "long-ids",
  title: "HT-15: 400 requests a second with unique identifiers of 20,000 characters, in every field in turn",
  steps: 12_000,
  async prepare(target) {
    const { app, resourceServer, good } = await usualClients(target);
    const send = sendTo(target.server.url, new Agent({ keepAlive: true, maxSockets: 32 }));
    const fields: readonly ((text: string) => [path: string, form: Record<string, string>])[] = [
      (text) => ["/oauth/token", { grant_type: "client_credentials", client_id: text, client_secret: "wrong" }],
      (text) => ["/oauth/introspect/batch", { client_id: `rs_${text}`, client_secret: "wrong", tokens: "x" }],
      (text) => ["/oauth/token", { grant_type: "refresh_token", client_id: text, refresh_token: "x" }],
      (text) => ["/oauth/authorize", { response_type: "code", client_id: text }],
      (text) => ["/oauth/token", { grant_type: "client_credentials", client_id: text, [text.slice(0, 8000)]: "x" }],
      (text) => ["/oauth/introspect/batch", { tokens: text }],
      (text) => ["/oauth/token", { grant_type: text }],
      (text) => ["/oauth/token", { grant_type: "refresh_token", refresh_token: text }],
    ];
    return {
      good,
      attack: (steps, note) =>
        atRate({ steps, perSecond: 400, atOnce: 32 }, async (index) => {
          const unique = randomBytes(longest / 2).toString("hex");
          const [path, form] = fields[index % fields.length]!(unique);
          const options =
            "client_id" in form
              ? { form }
              : { form, headers: { authorization: basicOf(path.includes("introspect") ? resourceServer : app) } };
          note((await send("POST", path, { ...options, once: true })).status);
        }),
    };
  },
};

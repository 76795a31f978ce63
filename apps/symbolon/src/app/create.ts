import { command, dataFlags } from "../command/command.ts";
import { print } from "../command/print.ts";
import { withSystem } from "../data/open-system.ts";
import { applicationFacts, describeApplication } from "./application-view.ts";
import { registerApplication } from "./register.ts";
import {
  readAuthMethod,
  readLifetimes,
  readName,
  readRedirectUris,
  readReplay,
  readScope,
  readType,
} from "./registration.ts";

export const appCreate = command({
  name: "app create",
  operands: [],
  says: "register an application, and print its credentials once",
  more: `
  symbolon app create --name "Acme Payroll" --redirect-uri https://acme.example/callback

A confidential application may use client credentials, and without --redirect-uri it uses nothing else.
Its way of authenticating is bound by first use, unless --auth-method names it.`,
  flags: {
    name: { type: "string", value: "NAME", says: "what people read on the consent page" },
    "redirect-uri": { type: "string", value: "URI", multiple: true, says: "where answers go, byte for byte" },
    type: { type: "string", value: "TYPE", says: "confidential (default) or public" },
    scope: { type: "string", value: '"A B"', says: "what it may ask for (default: the whole catalogue)" },
    replay: {
      type: "string",
      value: "PRESET",
      says: "when a spent refresh token still works: lazy (default), window:SECONDS, strict",
    },
    "auth-method": { type: "string", value: "METHOD", says: "client_secret_basic or client_secret_post" },
    lifetimes: { type: "string", value: "SECONDS,…", says: "access token lifetimes it may ask for, the default first" },
    ...dataFlags,
  },
  async run(ask) {
    const { flags } = ask;
    const type = readType(flags.type);
    const asked = {
      name: readName(flags.name),
      type,
      authMethod: readAuthMethod(flags["auth-method"], type),
      redirectUris: readRedirectUris(flags["redirect-uri"], type),
      replay: readReplay(flags.replay),
      accessTokenLifetimes: readLifetimes(flags.lifetimes),
    };
    return await withSystem(ask, { create: true }, async (system) => {
      const scope = readScope(flags.scope, system.settings);
      const { application, secret } = await registerApplication({ ...asked, scope }, system);
      const { client_id, ...others } = describeApplication(application);
      const credentials = secret === undefined ? {} : { client_secret: secret, client_secret_expires_at: 0 };
      const shown =
        secret === undefined
          ? []
          : ["", `client_secret  ${secret}`, "Keep it now: it is stored as a hash and cannot be shown again."];
      return print(ask, { client_id, ...credentials, ...others }, [...applicationFacts(application), ...shown]);
    });
  },
});

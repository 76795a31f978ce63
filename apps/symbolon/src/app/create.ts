import { registerClient, validateClientRegistration } from "@symbolon/server";
import { command, dataFlags } from "../command/command.ts";
import { print } from "../command/print.ts";
import { acceptedValue } from "../command/refused-fields.ts";
import { loadSettings, scopeCatalogueOf } from "../config/settings.ts";
import { withSystem } from "../data/open-system.ts";
import { applicationLines, describeApplication } from "./application-view.ts";
import { applicationFieldWords } from "./field-words.ts";

export const appCreate = command({
  name: "app create",
  operands: [],
  summary: "register an application and print its credentials once",
  details: `
Examples
  symbolon app create --name "Acme Payroll" --redirect-uri https://acme.example/callback
  symbolon app create --name "Nightly Export" --scope payroll:read

A confidential application may use client credentials. Without --redirect-uri it can use nothing else.
Without --auth-method, it may send its secret in the header or in the body.

A redirect URI is https, http on loopback, or, for a public application, a reverse domain name such as
com.example.app:/callback. --any-app-scheme accepts others, such as cursor://… or vscode://…. Any program
on a device can register such a scheme and receive the answer. It cannot redeem the code without the PKCE
verifier, but it can start a request of its own in the name of the application. The user is asked for
consent each time.`,
  flags: {
    name: { type: "string", value: "NAME", summary: "the name on the consent page" },
    "redirect-uri": { type: "string", value: "URI", multiple: true, summary: "the exact redirect URI" },
    "any-app-scheme": {
      type: "boolean",
      summary: "accept redirect URIs such as myapp://callback; the risk is above",
    },
    type: { type: "string", value: "TYPE", summary: "confidential (default) or public" },
    scope: { type: "string", value: '"A B"', summary: "the scopes that it may request (default all)" },
    replay: {
      type: "string",
      value: "POLICY",
      summary: "how long a rotated refresh token still works: lazy (default), window:SECONDS or strict",
    },
    "auth-method": {
      type: "string",
      value: "METHOD",
      summary: "client_secret_basic, client_secret_post or any (default)",
    },
    lifetimes: {
      type: "string",
      value: "SECONDS,…",
      summary: "the access token lifetimes that it may request, the default first",
    },
    ...dataFlags,
  },
  async run(invocation) {
    const { flags, terminal } = invocation;
    const settings = await loadSettings(flags, terminal);
    const input = {
      name: flags.name,
      type: flags.type,
      redirectUris: flags["redirect-uri"],
      anyAppScheme: flags["any-app-scheme"],
      scope: flags.scope,
      replay: flags.replay,
      authMethod: flags["auth-method"],
      accessTokenLifetimes: readLifetimes(flags.lifetimes),
    };
    const registration = acceptedValue(
      validateClientRegistration(input, scopeCatalogueOf(settings)),
      applicationFieldWords(settings),
    );
    return await withSystem(invocation, { create: true }, async (system) => {
      const { client, secret } = await registerClient(registration, system);
      const { client_id, ...metadata } = describeApplication(client);
      if (secret === undefined)
        return print(invocation, { client_id, ...metadata }, [
          ...applicationLines(client),
          ...(flags["any-app-scheme"] === true ? ["", anyAppSchemeRisk] : []),
        ]);
      const client_secret = secret.reveal();
      return print(invocation, { client_id, client_secret, client_secret_expires_at: 0, ...metadata }, [
        ...applicationLines(client),
        "",
        `client_secret  ${client_secret}`,
        "Save the secret now: only a hash of it is stored, and it cannot be shown again.",
      ]);
    });
  },
});

const anyAppSchemeRisk =
  "Any program on a device can register this scheme and receive the answer. The user is asked for consent each time.";

/** A part that is no number becomes NaN, which the validation refuses. */
const readLifetimes = (text: string | undefined): number[] =>
  text === undefined ? [] : text.split(",").map((part) => (/^\d{1,8}$/.test(part.trim()) ? Number(part) : Number.NaN));

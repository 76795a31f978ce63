import type { FieldWords } from "../command/refused-fields.ts";
import type { Settings } from "../config/settings.ts";

/** The flags of `app create`, and what to do when their values are refused. */
export const applicationFieldWords = ({ scopes }: Settings) =>
  ({
    name: { name: "--name", remedy: 'Users read it on the consent page, for example --name "Acme Payroll".' },
    type: {
      name: "--type",
      remedy: "public is for applications that cannot keep a secret: phones, browsers, desktops.",
    },
    redirectUris: {
      name: "--redirect-uri",
      remedy:
        "--redirect-uri must be the exact URI that the application sends. For a public application whose app has another scheme, see --any-app-scheme in symbolon help app create.",
      isList: true,
    },
    scope: { name: "--scope", remedy: `The catalogue has ${Object.keys(scopes).join(" ")}.`, isList: true },
    replay: {
      name: "--replay",
      remedy: "lazy fits most applications: a rotated refresh token works until its successor is used.",
    },
    authMethod: authMethodWords,
    accessTokenLifetimes: {
      name: "--lifetimes",
      remedy: "For example --lifetimes 600,3600: the first is the default.",
    },
  }) satisfies Record<string, FieldWords>;

export const authMethodWords: FieldWords = {
  name: "--auth-method",
  remedy: "Leave --auth-method out: a confidential application may then send its secret in the header or in the body.",
};

import { encodeBase64Url } from "@symbolon/protocol";
import type { PasswordHasher } from "@symbolon/server";
import { registerAccount } from "../account/register.ts";
import { readResource } from "../account/resources.ts";
import { registerApplication } from "../app/register.ts";
import type { System } from "../data/open-system.ts";

/** An application and an account to try things with. The secrets are in here and nowhere else. */
export type DemoCredentials = {
  client_id: string;
  client_secret: string;
  redirect_uri: string;
  email: string;
  password: string;
};

const redirectUri = "http://127.0.0.1/callback";

/** The application comes first: whoever finds the account may rely on a complete pair. */
export async function registerDemo(
  email: string,
  name: string,
  system: System,
  passwords: PasswordHasher,
): Promise<DemoCredentials> {
  const password = encodeBase64Url(system.random(15));
  const { application, secret } = await registerApplication(
    {
      name,
      type: "confidential",
      authMethod: null,
      redirectUris: [redirectUri],
      scope: Object.keys(system.settings.scopes),
      replay: { preset: "lazy" },
      accessTokenLifetimes: [],
    },
    system,
  );
  const resources = ["Company/Acme", "Company/Globex"].map(readResource);
  const account = await registerAccount({ email, password, resources }, system, passwords);
  if (account === undefined || secret === undefined) throw new Error("The demo address is taken.");
  return { client_id: application.id, client_secret: secret, redirect_uri: redirectUri, email, password };
}

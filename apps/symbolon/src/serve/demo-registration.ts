import { encodeBase64Url, Sealed } from "@symbolon/protocol";
import { registerAccount, registerClient, validateAccountRegistration, type PasswordHasher } from "@symbolon/server";
import type { System } from "../data/open-system.ts";

/** An application and an account for trying things out. This is the only place where their secrets are readable. */
export type DemoCredentials = {
  client_id: string;
  client_secret: string;
  redirect_uri: string;
  email: string;
  password: string;
};

const redirectUri = "http://127.0.0.1/callback";

/** Registers the application first, so that an account never exists without its application. */
export async function registerDemo(
  email: string,
  name: string,
  system: System,
  passwords: PasswordHasher,
): Promise<DemoCredentials> {
  const { client, secret } = await registerClient(
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
  const password = encodeBase64Url(system.random(15));
  const resources = ["Company/Acme", "Company/Globex"];
  const registration = validateAccountRegistration({ email, resources }, system.random);
  if (!registration.ok || secret === undefined) throw new Error("The demo account is not valid.");
  const account = await registerAccount(
    { ...registration.value, password: new Sealed(password) },
    { ...system, passwords },
  );
  if (!account.ok) throw new Error(`${email} belongs to another account.`);
  return { client_id: client.id, client_secret: secret.reveal(), redirect_uri: redirectUri, email, password };
}

import { UnknownName } from "./unknown-name.ts";
import type { Application, ApplicationOptions, Person } from "./application.ts";
import type { Provider } from "./provider.ts";

/** Adds an application. Missing properties are derived from the seed. */
export function addApplication(provider: Provider, options: ApplicationOptions = {}): Application {
  const { profile, seed } = provider;
  const label = `application ${provider.applications.size + 1}`;
  const { shapes } = profile.dialect;
  const application: Application = {
    clientId: shapes.clientId(seed, `${label} id`),
    clientSecret: options.type === "client" ? null : shapes.clientSecret(seed, `${label} secret`),
    name: `Application ${provider.applications.size + 1}`,
    redirectUris: ["http://127.0.0.1:3000/callback"],
    scope: null,
    type: "server",
    readWrite: false,
    minimumApiVersion: null,
    suspended: false,
    ...options,
  };
  provider.applications.set(application.clientId, application);
  return application;
}

/** The application with this client_id, or the first one without an argument. */
export function findApplication(provider: Provider, clientId?: string): Application {
  const found = clientId === undefined ? [...provider.applications.values()][0] : provider.applications.get(clientId);
  if (found === undefined) throw new UnknownName(`there is no application ${clientId ?? "at all"}`);
  return found;
}

/** The person with this id or name, or the first one without an argument. */
export function findPerson(provider: Provider, name?: string): Person {
  const found =
    name === undefined ? provider.people[0] : provider.people.find((one) => one.id === name || one.name === name);
  if (found === undefined) throw new UnknownName(`there is no person ${name ?? "at all"}`);
  return found;
}

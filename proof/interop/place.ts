import type { Application } from "@symbolon/server";
import { makeDataDirectory, type DataDirectory } from "../harness/data-directory.ts";
import { addAccount, addApplication, addResourceServer, type Credentials } from "../harness/registration.ts";
import { ScriptedBrowser } from "../harness/scripted-browser.ts";
import { startServer, type ServerProcess } from "../harness/server.ts";

/** A real server for clients of other projects, with one account and one resource server. */
export type Place = {
  data: DataDirectory;
  server: ServerProcess;
  issuer: URL;
  email: string;
  resource: string;
  resourceServer: Credentials;
  register(overrides?: Partial<Application>): Promise<Credentials>;
  newBrowser(): ScriptedBrowser;
  close(): Promise<void>;
};

export async function openPlace(): Promise<Place> {
  const data = makeDataDirectory();
  const server = await startServer(data);
  const email = "ada@example.com";
  const resource = "https://payroll.example/v1";
  await addAccount(data, email);
  return {
    data,
    server,
    issuer: new URL(server.issuer),
    email,
    resource,
    resourceServer: await addResourceServer(data, resource),
    register: (overrides = {}) => addApplication(data, overrides),
    newBrowser: () => new ScriptedBrowser(server.send, [server.url]),
    async close() {
      await server.stop();
      data.remove();
    },
  };
}

export const authMethods = ["client_secret_basic", "client_secret_post", "none"] as const;
export type AuthMethod = (typeof authMethods)[number];

/** A public application has no secret and a loopback redirect URI; a confidential one has a web address. */
export const redirectUriOf = (method: AuthMethod): string =>
  method === "none" ? "http://127.0.0.1:49152/callback" : "https://app.example/cb";

export const registrationOf = (method: AuthMethod): Partial<Application> =>
  method === "none"
    ? { type: "public", redirectUris: ["http://127.0.0.1/callback"] }
    : { authMethod: method, redirectUris: [redirectUriOf(method)] };

import { createHash, randomBytes } from "node:crypto";
import type { Browser } from "playwright-core";
import { launchBrowser } from "@symbolon/portal/browser";
import { PlainClient } from "../harness/client.ts";
import { makeDataDirectory, type DataDirectory } from "../harness/data-directory.ts";
import { addAccount, addApplication, addResourceServer, type Credentials } from "../harness/registration.ts";
import { startServer, type ServerProcess } from "../harness/server.ts";
import { listenForCallback, type Callback } from "./callback.ts";

/** A real server, a real Chromium, and an application on this computer that waits for the browser. */
export type Stage = {
  browser: Browser;
  server: ServerProcess;
  data: DataDirectory;
  callback: Callback;
  client: PlainClient;
  /** The same application with another of its redirect URIs. */
  clientAt(redirectUri: string): PlainClient;
  resourceServer: Credentials;
  /** Of `owner`, who has two companies; `simple` has none. */
  owner: string;
  simple: string;
  startAuthorization(parameters?: Record<string, string>): Authorization;
  close(): Promise<void>;
};

/** One authorization request, and what the application keeps until the answer comes. */
export type Authorization = { url: string; state: string; verifier: string };

export async function setStage({ redirectUris = [] as readonly string[] } = {}): Promise<Stage> {
  const data = makeDataDirectory();
  const [server, callback, browser] = await Promise.all([startServer(data), listenForCallback(), launchBrowser()]);
  const application = await addApplication(data, {
    redirectUris: ["http://127.0.0.1/callback", ...redirectUris],
  });
  const [owner, simple] = ["owner@example.com", "simple@example.com"];
  await addAccount(data, owner, ["Company/Acme", "Company/Globex"]);
  await addAccount(data, simple);
  return {
    browser,
    server,
    data,
    callback,
    client: new PlainClient(application, callback.redirectUri),
    clientAt: (redirectUri) => new PlainClient(application, redirectUri),
    resourceServer: await addResourceServer(data),
    owner,
    simple,
    startAuthorization(parameters = {}) {
      const verifier = randomBytes(32).toString("base64url");
      const state = `${randomBytes(8).toString("hex")} &é#`;
      const query = new URLSearchParams({
        response_type: "code",
        client_id: application.id,
        redirect_uri: callback.redirectUri,
        code_challenge: createHash("sha256").update(verifier).digest("base64url"),
        code_challenge_method: "S256",
        state,
        ...parameters,
      });
      return { url: `${server.url}/oauth/authorize?${query}`, state, verifier };
    },
    async close() {
      await browser.close();
      await callback.close();
      await server.stop();
      data.remove();
    },
  };
}

import { createServer, type Server } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { emulator } from "@symbolon/emulator";
import { allow } from "../emulator/person.ts";
import { openPlace } from "../interop/place.ts";

const redirectUri = "http://127.0.0.1:3000/callback";

/**
 * A Symbolon server, the Gusto and the Fitbit emulator, and a browser for programs that cannot walk through pages: `GET
 * /allow?url=…` signs in, allows, and answers the URL of the final redirect. `env` is what the programs are told.
 */
export type Stage = AsyncDisposable & { env: { [name: string]: string } };

export async function openStage(): Promise<Stage> {
  const place = await openPlace();
  const application = await place.register({ redirectUris: [redirectUri], authMethod: null });
  const gusto = await emulator({ profile: "gusto" });
  const fitbit = await emulator({ profile: "fitbit", seed: 7 });
  const [gustoApplication, fitbitApplication] = [gusto.applications[0]!, fitbit.applications[0]!];
  const tokens = gusto.control.consent({});
  const browser = await startBrowser(async (url) =>
    url.startsWith(place.server.issuer) ? place.newBrowser().allow(url, { email: place.email }) : allow(url),
  );
  return {
    env: {
      ISSUER: place.server.issuer,
      CLIENT_ID: application.id,
      CLIENT_SECRET: application.secret,
      REDIRECT_URI: redirectUri,
      RESOURCE_SERVER_ID: place.resourceServer.id,
      RESOURCE_SERVER_SECRET: place.resourceServer.secret,
      BROWSER: browser.url,
      GUSTO_URL: gusto.url,
      GUSTO_CLIENT_ID: gustoApplication.clientId,
      GUSTO_CLIENT_SECRET: gustoApplication.clientSecret ?? "",
      GUSTO_REDIRECT_URI: gustoApplication.redirectUris[0]!,
      GUSTO_ACCESS_TOKEN: tokens.accessToken,
      GUSTO_REFRESH_TOKEN: tokens.refreshToken ?? "",
      FITBIT_URL: fitbit.url,
      FITBIT_CLIENT_ID: fitbitApplication.clientId,
      FITBIT_CLIENT_SECRET: fitbitApplication.clientSecret ?? "",
      FITBIT_REDIRECT_URI: fitbitApplication.redirectUris[0]!,
      // The clients refuse http unless they are told that it is loopback.
      AUTHLIB_INSECURE_TRANSPORT: "1",
      OAUTHLIB_INSECURE_TRANSPORT: "1",
    },
    async [Symbol.asyncDispose]() {
      browser.server.close();
      await Promise.all([place.close(), gusto.close(), fitbit.close()]);
    },
  };
}

async function startBrowser(allowAt: (url: string) => Promise<URL>): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    const url = new URL(request.url!, "http://browser").searchParams.get("url") ?? "";
    allowAt(url).then(
      (location) => response.end(JSON.stringify({ location: location.href })),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

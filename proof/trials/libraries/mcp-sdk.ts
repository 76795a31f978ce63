import { importLibrary, withProvider, withoutConsole, callTenTimes, type Trial } from "../trial.ts";

type Module = { auth(provider: object, options: { serverUrl: string }): Promise<"AUTHORIZED" | "REDIRECT"> };

export const mcpSdk: Trial[] = [
  {
    scenario: "concurrent",
    subject: "@modelcontextprotocol/sdk `auth()`",
    run: () =>
      withProvider("strict", async (setup) => {
        const { auth } = await importLibrary<Module>("@modelcontextprotocol/sdk/client/auth.js");
        let tokens: object | undefined = setup.first;
        let wiped = 0;
        let redirects = 0;
        const provider = {
          redirectUrl: "https://app.example/callback",
          clientMetadata: { redirect_uris: ["https://app.example/callback"] },
          clientInformation: () => ({ client_id: "app", client_secret: "secret" }),
          tokens: () => tokens,
          saveTokens: (saved: object) => void (tokens = saved),
          redirectToAuthorization: () => void redirects++,
          saveCodeVerifier: () => {},
          codeVerifier: () => "verifier",
          invalidateCredentials: () => {
            wiped++;
            tokens = undefined;
          },
        };
        await withoutConsole(() => callTenTimes(() => auth(provider, { serverUrl: setup.url })));
        const left = tokens === undefined ? "the winner's tokens too" : "the winner's tokens are left";
        return {
          outcome: `store wiped ${wiped} times, ${left}, ${redirects} redirects to login`,
          kept: tokens !== undefined && setup.isAlive(),
        };
      }),
  },
];

import { familyState, importLibrary, withProvider, callTenTimes, type Trial } from "../trial.ts";

type Client = { setToken(token: object): void; refresh(): Promise<unknown> };
type Module = { default: (new (config: object) => Client) & { tokenEndpoint: string } };

export const intuitOAuth: Trial[] = [
  {
    scenario: "concurrent",
    subject: "intuit-oauth",
    run: () =>
      withProvider("strict", async (setup) => {
        const { default: OAuthClient } = await importLibrary<Module>("intuit-oauth");
        OAuthClient.tokenEndpoint = `${setup.url}/token`;
        const client = new OAuthClient({
          clientId: "app",
          clientSecret: "secret",
          environment: "sandbox",
          redirectUri: "https://app.example/callback",
        });
        client.setToken({ ...setup.first, x_refresh_token_expires_in: 8_640_000 });
        const { words } = await callTenTimes(() => client.refresh());
        return { outcome: `${words}, ${familyState(setup)}`, kept: setup.isAlive() };
      }),
  },
];

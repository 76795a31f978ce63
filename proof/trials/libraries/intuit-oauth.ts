import { family, library, onStage, tenAtOnce, type Trial } from "../trial.ts";

type Client = { setToken(token: object): void; refresh(): Promise<unknown> };
type Module = { default: (new (config: object) => Client) & { tokenEndpoint: string } };

export const intuitOAuth: Trial[] = [
  {
    scenario: "concurrent",
    subject: "intuit-oauth",
    run: () =>
      onStage("strict", async (stage) => {
        const { default: OAuthClient } = await library<Module>("intuit-oauth");
        OAuthClient.tokenEndpoint = `${stage.url}/token`;
        const client = new OAuthClient({
          clientId: "app",
          clientSecret: "secret",
          environment: "sandbox",
          redirectUri: "https://app.example/callback",
        });
        client.setToken({ ...stage.first, x_refresh_token_expires_in: 8_640_000 });
        const { words } = await tenAtOnce(() => client.refresh());
        return { outcome: `${words}, ${family(stage)}`, kept: stage.isAlive() };
      }),
  },
];

import { family, library, onStage, tenAtOnce, type Trial } from "../trial.ts";

type Module = {
  Configuration: new (server: object, clientId: string, clientSecret: string) => object;
  allowInsecureRequests(config: object): void;
  refreshTokenGrant(config: object, refreshToken: string): Promise<unknown>;
};

export const openidClient: Trial[] = [
  {
    scenario: "concurrent",
    subject: "openid-client",
    run: () =>
      onStage("strict", async (stage) => {
        const { Configuration, allowInsecureRequests, refreshTokenGrant } = await library<Module>("openid-client");
        const config = new Configuration({ issuer: stage.url, token_endpoint: `${stage.url}/token` }, "app", "secret");
        allowInsecureRequests(config);
        const { words } = await tenAtOnce(() => refreshTokenGrant(config, stage.first.refresh_token));
        return { outcome: `${words}, ${family(stage)}`, kept: stage.isAlive() };
      }),
  },
];

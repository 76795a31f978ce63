import { familyState, importLibrary, withProvider, callTenTimes, type Trial } from "../trial.ts";

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
      withProvider("strict", async (setup) => {
        const { Configuration, allowInsecureRequests, refreshTokenGrant } =
          await importLibrary<Module>("openid-client");
        const config = new Configuration({ issuer: setup.url, token_endpoint: `${setup.url}/token` }, "app", "secret");
        allowInsecureRequests(config);
        const { words } = await callTenTimes(() => refreshTokenGrant(config, setup.first.refresh_token));
        return { outcome: `${words}, ${familyState(setup)}`, kept: setup.isAlive() };
      }),
  },
];

import { familyState, importLibrary, withProvider, callTenTimes, type Trial } from "../trial.ts";

type AccessToken = { refresh(): Promise<AccessToken>; token: { access_token: string; refresh_token?: string } };
type Module = { AuthorizationCode: new (config: object) => { createToken(token: object): AccessToken } };

const subject = "simple-oauth2";

async function tokenOf(url: string, pair: object): Promise<AccessToken> {
  const { AuthorizationCode } = await importLibrary<Module>("simple-oauth2");
  const client = new AuthorizationCode({
    client: { id: "app", secret: "secret" },
    auth: { tokenHost: url, tokenPath: "/token" },
  });
  return client.createToken(pair);
}

export const simpleOAuth2: Trial[] = [
  {
    scenario: "concurrent",
    subject,
    run: () =>
      withProvider("strict", async (setup) => {
        const token = await tokenOf(setup.url, setup.first);
        const { words } = await callTenTimes(() => token.refresh());
        return { outcome: `${words}, ${familyState(setup)}`, kept: setup.isAlive() };
      }),
  },
  {
    scenario: "omitted",
    subject,
    run: () =>
      withProvider("none", async (setup) => {
        const { token } = await (await tokenOf(setup.url, setup.first)).refresh();
        const kept = token.refresh_token === setup.first.refresh_token;
        return { outcome: kept ? "refresh token kept" : "refresh token lost", kept };
      }),
  },
];

import { family, library, onStage, tenAtOnce, type Trial } from "../trial.ts";

type AccessToken = { refresh(): Promise<AccessToken>; token: { access_token: string; refresh_token?: string } };
type Module = { AuthorizationCode: new (config: object) => { createToken(token: object): AccessToken } };

const subject = "simple-oauth2";

async function tokenOf(url: string, pair: object): Promise<AccessToken> {
  const { AuthorizationCode } = await library<Module>("simple-oauth2");
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
      onStage("strict", async (stage) => {
        const token = await tokenOf(stage.url, stage.first);
        const { words } = await tenAtOnce(() => token.refresh());
        return { outcome: `${words}, ${family(stage)}`, kept: stage.isAlive() };
      }),
  },
  {
    scenario: "omitted",
    subject,
    run: () =>
      onStage("none", async (stage) => {
        const { token } = await (await tokenOf(stage.url, stage.first)).refresh();
        const kept = token.refresh_token === stage.first.refresh_token;
        return { outcome: kept ? "refresh token kept" : "refresh token lost", kept };
      }),
  },
];

import { family, library, onStage, tenAtOnce, type Stage, type Trial } from "../trial.ts";

type Client = {
  credentials: { refresh_token?: string; expiry_date?: number };
  setCredentials(credentials: object): void;
  getAccessToken(): Promise<{ token?: string | null }>;
};
type Module = { OAuth2Client: new (options: object) => Client };

const subject = "google-auth-library";

async function clientOf(stage: Stage): Promise<Client> {
  const { OAuth2Client } = await library<Module>("google-auth-library");
  const client = new OAuth2Client({
    clientId: "app",
    clientSecret: "secret",
    endpoints: { oauth2TokenUrl: `${stage.url}/token` },
  });
  client.setCredentials({
    access_token: stage.first.access_token,
    refresh_token: stage.first.refresh_token,
    expiry_date: 1,
  });
  return client;
}

export const googleAuthLibrary: Trial[] = [
  {
    scenario: "concurrent",
    subject,
    run: () =>
      onStage("strict", async (stage) => {
        const client = await clientOf(stage);
        const { words } = await tenAtOnce(() => client.getAccessToken());
        const kept = client.credentials.refresh_token !== stage.first.refresh_token;
        return { outcome: kept ? words : `${words}, but the object keeps the spent token`, kept };
      }),
  },
  {
    scenario: "second_expiry",
    subject,
    run: () =>
      onStage("strict", async (stage) => {
        const client = await clientOf(stage);
        await tenAtOnce(() => client.getAccessToken());
        client.credentials.expiry_date = 1;
        const { words } = await tenAtOnce(() => client.getAccessToken());
        return { outcome: `${words}, ${family(stage)}`, kept: stage.isAlive() };
      }),
  },
  {
    scenario: "lost_answer",
    subject,
    run: () =>
      onStage("strict", async (stage) => {
        const client = await clientOf(stage);
        stage.provider.mishap = () => (stage.posts() === 1 ? "cut_after" : undefined);
        const said = await client.getAccessToken().then(
          () => "served",
          () => "rejected",
        );
        return {
          outcome: `${said}; the HTTP layer sent it ${stage.posts()} times; ${family(stage)}`,
          kept: stage.isAlive(),
        };
      }),
  },
];

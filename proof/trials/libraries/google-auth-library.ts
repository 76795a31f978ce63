import { familyState, importLibrary, withProvider, callTenTimes, type TrialSetup, type Trial } from "../trial.ts";

type Client = {
  credentials: { refresh_token?: string; expiry_date?: number };
  setCredentials(credentials: object): void;
  getAccessToken(): Promise<{ token?: string | null }>;
};
type Module = { OAuth2Client: new (options: object) => Client };

const subject = "google-auth-library";

async function clientOf(setup: TrialSetup): Promise<Client> {
  const { OAuth2Client } = await importLibrary<Module>("google-auth-library");
  const client = new OAuth2Client({
    clientId: "app",
    clientSecret: "secret",
    endpoints: { oauth2TokenUrl: `${setup.url}/token` },
  });
  client.setCredentials({
    access_token: setup.first.access_token,
    refresh_token: setup.first.refresh_token,
    expiry_date: 1,
  });
  return client;
}

export const googleAuthLibrary: Trial[] = [
  {
    scenario: "concurrent",
    subject,
    run: () =>
      withProvider("strict", async (setup) => {
        const client = await clientOf(setup);
        const { words } = await callTenTimes(() => client.getAccessToken());
        const kept = client.credentials.refresh_token !== setup.first.refresh_token;
        return { outcome: kept ? words : `${words}, but the object keeps the spent token`, kept };
      }),
  },
  {
    scenario: "second_expiry",
    subject,
    run: () =>
      withProvider("strict", async (setup) => {
        const client = await clientOf(setup);
        await callTenTimes(() => client.getAccessToken());
        client.credentials.expiry_date = 1;
        const { words } = await callTenTimes(() => client.getAccessToken());
        return { outcome: `${words}, ${familyState(setup)}`, kept: setup.isAlive() };
      }),
  },
  {
    scenario: "lost_answer",
    subject,
    run: () =>
      withProvider("strict", async (setup) => {
        const client = await clientOf(setup);
        setup.provider.mishap = () => (setup.posts() === 1 ? "cut_after" : undefined);
        const outcome = await client.getAccessToken().then(
          () => "served",
          () => "rejected",
        );
        return {
          outcome: `${outcome}; the HTTP layer sent it ${setup.posts()} times; ${familyState(setup)}`,
          kept: setup.isAlive(),
        };
      }),
  },
];

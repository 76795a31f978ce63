import {
  failingOnce,
  familyState,
  importLibrary,
  withProvider,
  withoutConsole,
  callTenTimes,
  type TrialSetup,
  type Trial,
} from "../trial.ts";

type Token = { accessToken: string; refreshToken: string | null; expiresAt: number | null };
type Fetcher = { getAccessToken(): Promise<string>; fetch(url: string): Promise<Response> };
type Module = {
  OAuth2Client: new (settings: object) => object;
  OAuth2Fetch: new (options: object) => Fetcher;
};

const subject = "@badgateway/oauth2-client";

type Options = { store?: { token: Token }; storeToken?: (token: Token) => unknown; fetch?: typeof fetch };

async function fetcherOf(
  setup: TrialSetup,
  { store = storeOf(setup), storeToken, fetch: send }: Options = {},
): Promise<Fetcher> {
  const { OAuth2Client, OAuth2Fetch } = await importLibrary<Module>("@badgateway/oauth2-client");
  const client = new OAuth2Client({
    server: setup.url,
    clientId: "app",
    clientSecret: "secret",
    tokenEndpoint: "/token",
    ...(send && { fetch: send }),
  });
  return new OAuth2Fetch({
    client,
    scheduleRefresh: false,
    getStoredToken: () => store.token,
    storeToken: storeToken ?? ((token: Token) => void (store.token = token)),
    getNewToken: () => null,
  });
}

const storeOf = ({ first }: TrialSetup): { token: Token } => ({
  token: { accessToken: first.access_token, refreshToken: first.refresh_token, expiresAt: 1 },
});

export const badgateway: Trial[] = [
  {
    scenario: "concurrent",
    subject,
    run: () =>
      withProvider("strict", async (setup) => {
        const fetcher = await fetcherOf(setup);
        const { words } = await callTenTimes(() => fetcher.getAccessToken());
        return { outcome: words, kept: setup.isAlive() };
      }),
  },
  {
    scenario: "two_objects",
    subject,
    run: () =>
      withProvider("strict", async (setup) => {
        const store = storeOf(setup);
        const both = await Promise.all([fetcherOf(setup, { store }), fetcherOf(setup, { store })]);
        const { words } = await withoutConsole(() => callTenTimes((n) => both[n % 2]!.getAccessToken()));
        return { outcome: `${words}, ${familyState(setup)}`, kept: setup.isAlive() };
      }),
  },
  {
    scenario: "slow_store",
    subject,
    run: () =>
      withProvider("strict", async (setup) => {
        let stored = false;
        const storeToken = () => new Promise<void>((resolve) => setTimeout(() => resolve(void (stored = true)), 200));
        const fetcher = await fetcherOf(setup, { storeToken });
        await fetcher.fetch(`${setup.url}/api`);
        return {
          outcome: stored ? "token stored before it was used" : "token used before it was stored",
          kept: stored,
        };
      }),
  },
  {
    scenario: "network_error",
    subject,
    run: () =>
      withProvider("strict", async (setup) => {
        const fetcher = await fetcherOf(setup, { fetch: failingOnce() });
        const message = await withoutConsole(() =>
          fetcher.getAccessToken().then(
            () => "served",
            (error: Error) => error.message,
          ),
        );
        return { outcome: message === "served" ? "served" : "asks for a full new sign-in", kept: message === "served" };
      }),
  },
];

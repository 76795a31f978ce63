import { failsOnce, family, library, onStage, quietly, tenAtOnce, type Stage, type Trial } from "../trial.ts";

type Token = { accessToken: string; refreshToken: string | null; expiresAt: number | null };
type Fetcher = { getAccessToken(): Promise<string>; fetch(url: string): Promise<Response> };
type Module = {
  OAuth2Client: new (settings: object) => object;
  OAuth2Fetch: new (options: object) => Fetcher;
};

const subject = "@badgateway/oauth2-client";

type Options = { store?: { token: Token }; storeToken?: (token: Token) => unknown; fetch?: typeof fetch };

async function fetcherOf(
  stage: Stage,
  { store = storeOf(stage), storeToken, fetch: send }: Options = {},
): Promise<Fetcher> {
  const { OAuth2Client, OAuth2Fetch } = await library<Module>("@badgateway/oauth2-client");
  const client = new OAuth2Client({
    server: stage.url,
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

const storeOf = ({ first }: Stage): { token: Token } => ({
  token: { accessToken: first.access_token, refreshToken: first.refresh_token, expiresAt: 1 },
});

export const badgateway: Trial[] = [
  {
    scenario: "concurrent",
    subject,
    run: () =>
      onStage("strict", async (stage) => {
        const fetcher = await fetcherOf(stage);
        const { words } = await tenAtOnce(() => fetcher.getAccessToken());
        return { outcome: words, kept: stage.isAlive() };
      }),
  },
  {
    scenario: "two_objects",
    subject,
    run: () =>
      onStage("strict", async (stage) => {
        const store = storeOf(stage);
        const both = await Promise.all([fetcherOf(stage, { store }), fetcherOf(stage, { store })]);
        const { words } = await quietly(() => tenAtOnce((n) => both[n % 2]!.getAccessToken()));
        return { outcome: `${words}, ${family(stage)}`, kept: stage.isAlive() };
      }),
  },
  {
    scenario: "slow_store",
    subject,
    run: () =>
      onStage("strict", async (stage) => {
        let stored = false;
        const storeToken = () => new Promise<void>((resolve) => setTimeout(() => resolve(void (stored = true)), 200));
        const fetcher = await fetcherOf(stage, { storeToken });
        await fetcher.fetch(`${stage.url}/api`);
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
      onStage("strict", async (stage) => {
        const fetcher = await fetcherOf(stage, { fetch: failsOnce() });
        const says = await quietly(() =>
          fetcher.getAccessToken().then(
            () => "served",
            (error: Error) => error.message,
          ),
        );
        return { outcome: says === "served" ? "served" : "asks for a full new sign-in", kept: says === "served" };
      }),
  },
];

import OAuth2Strategy from "passport-oauth2";
import { must, mustBeRefused, redirectUri, type NpmClient } from "./npm-client.ts";

type Tokens = { accessToken: string; refreshToken: string };

export const passportOAuth2: NpmClient = {
  packageName: "passport-oauth2",
  methods: ["client_secret_post"],
  async run({ issuer, credentials, allow, step }) {
    const strategy = new OAuth2Strategy(
      {
        authorizationURL: `${issuer}/oauth/authorize`,
        tokenURL: `${issuer}/oauth/token`,
        clientID: credentials.id,
        clientSecret: credentials.secret,
        callbackURL: redirectUri,
        scope: ["payroll:read"],
        state: true,
        pkce: true,
      },
      (accessToken, refreshToken, _profile, done) => done(null, { accessToken, refreshToken }),
    );
    strategy.userProfile = (_accessToken, done) => done(null, {});
    const session = {};
    const left = await step("authorize", async () => {
      const { redirect } = await outcomeOf(strategy, { query: {}, session });
      return allow(redirect!);
    });
    await step("redeem", async () => {
      const { user } = await outcomeOf(strategy, { query: Object.fromEntries(left.searchParams), session });
      must(user!.refreshToken.startsWith("sym_rt_"), "no refresh token");
    });
    await step("error answer", () =>
      mustBeRefused(
        "invalid_grant",
        async () => {
          const again = {};
          const { redirect } = await outcomeOf(strategy, { query: {}, session: again });
          const state = new URL(redirect!).searchParams.get("state")!;
          await outcomeOf(strategy, { query: { code: left.searchParams.get("code")!, state }, session: again });
        },
        ({ code }: { code: string }) => code,
      ),
    );
  },
};

/** What passport would do with a request: redirect the browser or sign the user in. Rejects with its error. */
function outcomeOf(strategy: OAuth2Strategy, request: object): Promise<{ redirect?: string; user?: Tokens }> {
  return new Promise((resolve, reject) => {
    const actions = {
      redirect: (redirect: string) => resolve({ redirect }),
      success: (user: Tokens) => resolve({ user }),
      fail: (info: unknown) => reject(new Error(JSON.stringify(info))),
      error: reject,
    };
    Object.assign(Object.create(strategy) as OAuth2Strategy, actions).authenticate(request);
  });
}

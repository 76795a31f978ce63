/** The parts of these clients that the tests use; the packages bring no types of their own. */
declare module "passport-fitbit-oauth2" {
  type Options = {
    clientID: string;
    clientSecret: string;
    callbackURL: string;
    authorizationURL: string;
    tokenURL: string;
    scope?: string[];
    skipUserProfile: boolean;
  };
  type Verify = (
    accessToken: string,
    refreshToken: string,
    parameters: Record<string, unknown>,
    profile: unknown,
    done: (error: unknown, user?: unknown) => void,
  ) => void;
  export class FitbitOAuth2Strategy {
    constructor(options: Options, verify: Verify);
    authenticate(request: { query: Record<string, string> }, options?: object): void;
  }
}

declare module "fitbit-node" {
  export default class FitbitApiClient {
    constructor(options: { clientId: string; clientSecret: string });
    oauth2: unknown;
    getUrl: (path: string, userId?: string) => string;
    getAuthorizeUrl(scope: string, redirectUrl: string, prompt?: string, state?: string): string;
    getAccessToken(
      code: string,
      redirectUrl: string,
    ): Promise<{ access_token: string; refresh_token: string; user_id: string }>;
    refreshAccessToken(
      accessToken: string,
      refreshToken: string,
    ): Promise<{ access_token: string; refresh_token: string }>;
    revokeAccessToken(accessToken: string): Promise<unknown>;
    get(path: string, accessToken: string): Promise<[Record<string, unknown>, { statusCode: number }]>;
  }
}

declare module "simple-oauth2" {
  type Token = { access_token: string; refresh_token: string; scope: string; [name: string]: unknown };
  export class AccessToken {
    token: Token;
    expired(windowSeconds?: number): boolean;
    refresh(parameters?: object): Promise<AccessToken>;
    revoke(type: "access_token" | "refresh_token"): Promise<void>;
  }
  export class AuthorizationCode {
    constructor(options: object);
    authorizeURL(parameters: object): string;
    getToken(parameters: object): Promise<AccessToken>;
    createToken(token: object): AccessToken;
  }
}

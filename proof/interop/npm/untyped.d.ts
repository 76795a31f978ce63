/** The parts of this client that are used; the package brings no types of its own. */
declare module "passport-oauth2" {
  type Options = {
    authorizationURL: string;
    tokenURL: string;
    clientID: string;
    clientSecret: string;
    callbackURL: string;
    scope: string[];
    state: boolean;
    pkce: boolean;
  };
  type Verify = (
    accessToken: string,
    refreshToken: string,
    profile: unknown,
    done: (error: unknown, user?: unknown) => void,
  ) => void;
  export default class OAuth2Strategy {
    constructor(options: Options, verify: Verify);
    userProfile: (accessToken: string, done: (error: unknown, profile: unknown) => void) => void;
    authenticate(request: object): void;
  }
}

import type { Application } from "../provider/application.ts";

/** A valid authorization request. */
export type AuthorizationRequest = {
  application: Application;
  responseType: "code" | "token";
  /** Where the answer is redirected. */
  redirectUri: string;
  /** The redirect_uri parameter; undefined if it was left out. */
  sentRedirectUri: string | undefined;
  scope: readonly string[];
  state: string | undefined;
  challenge: string | undefined;
  challengeMethod: "S256" | "plain";
  /** Implicit flow: lifetime of the access token. */
  lifetimeSeconds?: number;
  /** false: the code yields an access token only. */
  withRefreshToken?: boolean;
};

import { badgateway } from "./badgateway.ts";
import { googleAuthLibrary } from "./google-auth-library.ts";
import { intuitOAuth } from "./intuit-oauth.ts";
import { mcpSdk } from "./mcp-sdk.ts";
import { openidClient } from "./openid-client.ts";
import { refreshGuard } from "./refresh-guard.ts";
import { simpleOAuth2 } from "./simple-oauth2.ts";

export const libraryTrials = [
  ...simpleOAuth2,
  ...openidClient,
  ...intuitOAuth,
  ...mcpSdk,
  ...badgateway,
  ...refreshGuard,
  ...googleAuthLibrary,
];

import { emulator, type GrantView } from "@symbolon/emulator";

/** The integration under test: refreshes once and returns the refresh token to use next. */
export type Refresh = (
  tokenUrl: string,
  clientId: string,
  clientSecret: string,
  refreshToken: string,
) => Promise<string>;

/**
 * Tests whether an integration keeps its grant when one response is lost. The emulated provider processes the refresh,
 * so the refresh token is spent, and then drops the response. Fitbit accepts a retry for two minutes; a strict provider
 * treats it as token theft and ends the grant.
 */
export async function loseResponse(profile: "fitbit" | "strict", refresh: Refresh): Promise<GrantView> {
  await using provider = await emulator({ profile, seed: 7 });
  const { clientId, clientSecret } = provider.applications[0]!;
  const { refreshToken } = provider.control.consent({ person: "Ada" });
  const tokenUrl = `${provider.url}${profile === "fitbit" ? "/oauth2/token" : "/token"}`;

  provider.control.fault({ what: "drop_answer", operation: "refresh_token", times: 1 });
  const next = await refresh(tokenUrl, clientId, clientSecret!, refreshToken).catch(() => refreshToken);
  provider.control.advance(3600);
  await refresh(tokenUrl, clientId, clientSecret!, next).catch(() => undefined);
  return provider.control.grants()[0]!;
}

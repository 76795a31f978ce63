import { emulator, type GrantView } from "@symbolon/emulator";

/**
 * What an integration hands over to be tried: one refresh, however it likes, and the refresh token to use next time.
 */
export type Refresh = (
  tokenUrl: string,
  clientId: string,
  clientSecret: string,
  refreshToken: string,
) => Promise<string>;

/**
 * A provider with single-use refresh tokens loses one answer after it has processed the request. Does the integration
 * keep the grant? Fitbit gives it two minutes to ask again; a strict provider takes the second question for a theft.
 */
export async function loseAnAnswer(profile: "fitbit" | "strict", refresh: Refresh): Promise<GrantView> {
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
